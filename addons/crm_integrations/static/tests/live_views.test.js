import {expect, test} from "@odoo/hoot";
import {advanceTime, animationFrame} from "@odoo/hoot-mock";
import {RELOAD_DELAY_MS} from "@crm_integrations/live/live_views";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {
    contains,
    defineModels,
    fields,
    getService,
    models,
    MockServer,
    mountView,
    onRpc,
    serverState,
} from "@web/../tests/web_test_helpers";

class Exchange extends models.Model {
    event = fields.Char();
    note = fields.Char();

    _records = [
        {id: 1, event: "first", note: "a"},
        {id: 2, event: "second", note: "b"},
    ];
    _views = {
        list: `<list js_class="crm_live_list"><field name="event"/></list>`,
        kanban: `<kanban js_class="crm_live_kanban"><templates><t t-name="card">
            <field name="event"/></t></templates></kanban>`,
        form: `<form js_class="crm_live_form">
            <field name="event"/><field name="note"/></form>`,
    };
}

defineMailModels();
defineModels([Exchange]);

/** Say as the server does that exchanges changed, and wait for the reload. */
async function tell(
    type = "crm_integrations.exchange",
    times = 1,
    payload = {ids: [1]}
) {
    const arrived = new Promise((resolve) => {
        let count = 0;
        getService("bus_service").subscribe(type, () => ++count === times && resolve());
    });
    for (let count = 0; count < times; count++) {
        MockServer.env["bus.bus"]._sendone(serverState.partnerId, type, payload);
    }
    await arrived;
    await advanceTime(RELOAD_DELAY_MS);
    await animationFrame();
    await animationFrame();
}

async function open(type, options = {}) {
    await mountView({type, resModel: "exchange", ...options});
    getService("bus_service").start();
    await animationFrame();
}

function rename(name) {
    MockServer.env.exchange.write([1], {event: name});
}

test("a list shows what changed on the server", async () => {
    await open("list");
    expect("tbody td.o_data_cell:first").toHaveText("first");
    rename("first, done");
    await tell();
    expect("tbody td.o_data_cell:first").toHaveText("first, done");
});

test("a burst of messages reloads once", async () => {
    onRpc("web_search_read", () => expect.step("read"));
    await open("list");
    expect.verifySteps(["read"]);
    await tell("crm_integrations.exchange", 20);
    expect.verifySteps(["read"]);
});

test("a selection is not disturbed", async () => {
    await open("list");
    await contains("tbody .o_list_record_selector input").click();
    rename("first, done");
    await tell();
    expect("tbody td.o_data_cell:first").toHaveText("first");
});

test("cards follow too", async () => {
    await open("kanban");
    rename("first, done");
    await tell("crm_integrations.connection");
    expect(".o_kanban_record:first").toHaveText("first, done");
});

test("a form follows", async () => {
    await open("form", {resId: 1});
    rename("first, done");
    await tell();
    expect(".o_field_widget[name=event] input").toHaveValue("first, done");
});

test("what somebody is typing is kept", async () => {
    await open("form", {resId: 1});
    await contains(".o_field_widget[name=note] input").edit("mine");
    rename("first, done");
    await tell();
    expect(".o_field_widget[name=note] input").toHaveValue("mine");
    expect(".o_field_widget[name=event] input").toHaveValue("first");
});

test("a form follows its own record and no other", async () => {
    onRpc("web_read", () => expect.step("read"));
    await open("form", {resId: 1});
    expect.verifySteps(["read"]);
    rename("first, done");
    for (const [res_model, res_id] of [
        ["exchange", 2],
        ["res.partner", 1],
    ]) {
        await tell("crm_base.record", 1, {res_model, res_id});
    }
    expect.verifySteps([]);
    await tell("crm_base.record", 1, {res_model: "exchange", res_id: 1});
    expect.verifySteps(["read"]);
    expect(".o_field_widget[name=event] input").toHaveValue("first, done");
});

test("a list follows the records of its model", async () => {
    await open("list");
    rename("first, done");
    await tell("crm_base.record", 1, {res_model: "res.partner", res_id: 1});
    expect("tbody td.o_data_cell:first").toHaveText("first");
    await tell("crm_base.record", 1, {res_model: "exchange", res_id: 2});
    expect("tbody td.o_data_cell:first").toHaveText("first, done");
});
