import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {expect, test} from "@odoo/hoot";
import {queryFirst} from "@odoo/hoot-dom";
import {
    clickSave,
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

const MASK = "********";

class Account extends models.Model {
    _name = "account.test";
    name = fields.Char();
    secret = fields.Text();
    _records = [
        {id: 1, name: "With", secret: MASK},
        {id: 2, name: "Without", secret: false},
    ];
}

defineModels([Account]);
defineMailModels();

async function openForm(resId, attributes = "") {
    onRpc("web_save", ({args}) => expect.step(JSON.stringify(args[1])));
    await mountView({
        type: "form",
        resModel: "account.test",
        resId,
        arch: `<form><field name="name"/><field name="secret" widget="crm_secret" ${attributes}/></form>`,
    });
}

const INPUT = ".o_field_widget[name=secret] input";

test("a stored secret shows as a mask in a password input", async () => {
    await openForm(1);
    expect(INPUT).toHaveAttribute("type", "password");
    expect(INPUT).toHaveAttribute("autocomplete", "new-password");
    expect(INPUT).toHaveValue(MASK);
});

test("saving another field does not send the mask", async () => {
    await openForm(1);
    await contains(".o_field_widget[name=name] input").edit("Renamed");
    await clickSave();
    expect.verifySteps([`{"name":"Renamed"}`]);
});

test("a typed secret is sent without spaces around it", async () => {
    await openForm(1);
    await contains(INPUT).edit("  sk_new  ");
    await clickSave();
    expect.verifySteps([`{"secret":"sk_new"}`]);
});

test("what is typed behind the mask is the new secret", async () => {
    await openForm(1);
    await contains(INPUT).edit(`${MASK}sk_new`);
    await clickSave();
    expect.verifySteps([`{"secret":"sk_new"}`]);
});

test("a damaged mask changes nothing", async () => {
    await openForm(1);
    await contains(INPUT).edit("*****");
    expect(INPUT).toHaveValue(MASK);
    await contains(".o_field_widget[name=name] input").edit("Renamed");
    await clickSave();
    expect.verifySteps([`{"name":"Renamed"}`]);
});

test("an emptied input clears the secret", async () => {
    await openForm(1);
    await contains(INPUT).clear();
    await clickSave();
    expect.verifySteps([`{"secret":false}`]);
});

test("focus selects the mask, so that typing replaces it", async () => {
    await openForm(1);
    await contains(INPUT).focus();
    const input = queryFirst(INPUT);
    expect(input.selectionEnd - input.selectionStart).toBe(MASK.length);
});

test("read only: the mask when there is one, nothing otherwise", async () => {
    await openForm(1, 'readonly="1"');
    expect(".o_field_widget[name=secret] span").toHaveText(MASK);
    expect(INPUT).toHaveCount(0);
});

test("no secret: an empty input", async () => {
    await openForm(2);
    expect(INPUT).toHaveValue("");
});
