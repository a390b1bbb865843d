import {expect, test} from "@odoo/hoot";
import {advanceTime, animationFrame} from "@odoo/hoot-mock";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {
    contains,
    defineModels,
    fields,
    MockServer,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";
import {PaymentLinkLive} from "@crm_billing/payment_link/payment_link_live";

class Deal extends models.Model {
    _name = "deal";
    name = fields.Char();
    payment_link_state = fields.Selection({
        selection: [
            ["creating", "In preparation"],
            ["waiting", "Waiting"],
            ["paid", "Paid"],
        ],
    });
    payment_link_problem = fields.Text();
    _records = [
        {id: 1, name: "Site Roux", payment_link_state: "waiting"},
        {id: 2, name: "Site Leroy", payment_link_state: "creating"},
    ];
}

defineModels([Deal]);
defineMailModels();

const arch = `
    <form>
        <field name="name"/>
        <field name="payment_link_state" widget="badge"/>
        <field name="payment_link_problem" readonly="1"/>
        <widget name="crm_payment_link_live"/>
    </form>`;

function setState(id, state) {
    MockServer.env["deal"].write([id], {payment_link_state: state});
}

async function mountDeal(resId = 1) {
    const live = new Promise((resolve) => {
        const setup = PaymentLinkLive.prototype.setup;
        PaymentLinkLive.prototype.setup = function () {
            PaymentLinkLive.prototype.setup = setup;
            setup.call(this);
            resolve(this);
        };
    });
    await mountView({type: "form", resModel: "deal", resId, arch});
    return live;
}

test("the open form says paid when the server says so", async () => {
    const live = await mountDeal();
    expect(".o_field_widget[name=payment_link_state]").toHaveText(/Waiting/);
    setState(1, "paid");
    await live.onMessage({model: "deal", id: 1, state: "paid"});
    await animationFrame();
    expect(".o_field_widget[name=payment_link_state]").toHaveText(/Paid/);
});

test("the news of another deal changes nothing", async () => {
    onRpc("web_read", () => expect.step("web_read"));
    const live = await mountDeal();
    expect.verifySteps(["web_read"]);
    await live.onMessage({model: "deal", id: 3, state: "paid"});
    expect.verifySteps([]);
});

test("somebody's unsaved words are kept", async () => {
    const live = await mountDeal();
    await contains(".o_field_widget[name=name] input").edit("My words");
    await live.onMessage({model: "deal", id: 1, state: "paid"});
    await animationFrame();
    expect(".o_field_widget[name=name] input").toHaveValue("My words");
    expect(".o_notification").toHaveCount(1);
});

test("while the link is prepared the form asks by itself", async () => {
    await mountDeal(2);
    setState(2, "waiting");
    await advanceTime(2100);
    await animationFrame();
    expect(".o_field_widget[name=payment_link_state]").toHaveText(/Waiting/);
});

test("what keeps Stripe from answering shows by itself", async () => {
    await mountDeal(2);
    MockServer.env["deal"].write([2], {payment_link_problem: "Access refused"});
    await advanceTime(2100);
    await animationFrame();
    expect(".o_field_widget[name=payment_link_problem]").toHaveText("Access refused");
});

test("the form follows the channel of its record only", async () => {
    const channels = [];
    const live = await mountDeal();
    const bus = live.bus;
    live.bus = {
        addChannel: (name) => channels.push(name),
        deleteChannel: (name) => channels.push(`-${name}`),
    };
    live.follow(1)();
    live.bus = bus;
    expect(channels).toEqual(["crm_payment_link:deal:1", "-crm_payment_link:deal:1"]);
});
