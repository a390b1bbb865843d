import {expect, test} from "@odoo/hoot";
import {animationFrame} from "@odoo/hoot-mock";
import {MESSAGE_TYPE} from "@crm_base/live_record/live_record";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {
    contains,
    defineModels,
    fields,
    getService,
    models,
    MockServer,
    mountView,
    serverState,
} from "@web/../tests/web_test_helpers";

class Thing extends models.Model {
    name = fields.Char();
    note = fields.Char();

    _records = [{id: 1, name: "first", note: "a"}];
    _views = {
        form: `<form js_class="crm_live_record">
            <field name="name"/><field name="note"/></form>`,
    };
}

defineMailModels();
defineModels([Thing]);

/** Say as the server does that a job changed a record, and wait for the reload. */
async function tell(payload) {
    const arrived = new Promise((resolve) => {
        getService("bus_service").subscribe(MESSAGE_TYPE, resolve);
    });
    MockServer.env["bus.bus"]._sendone(serverState.partnerId, MESSAGE_TYPE, payload);
    await arrived;
    await animationFrame();
    await animationFrame();
}

async function open() {
    await mountView({type: "form", resModel: "thing", resId: 1});
    getService("bus_service").start();
    await animationFrame();
    MockServer.env.thing.write([1], {name: "done"});
}

const NAME = ".o_field_widget[name=name] input";

test("a form shows what a job wrote on its record", async () => {
    await open();
    await tell({res_model: "thing", res_id: 1});
    expect(NAME).toHaveValue("done");
});

test("news of other records change nothing", async () => {
    await open();
    await tell({res_model: "thing", res_id: 2});
    await tell({res_model: "other", res_id: 1});
    expect(NAME).toHaveValue("first");
});

test("what somebody is typing is kept", async () => {
    await open();
    await contains(".o_field_widget[name=note] input").edit("mine");
    await tell({res_model: "thing", res_id: 1});
    expect(".o_field_widget[name=note] input").toHaveValue("mine");
    expect(NAME).toHaveValue("first");
});
