import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {expect, test} from "@odoo/hoot";
import {mockDate} from "@odoo/hoot-mock";
import {defineModels, fields, models, mountView} from "@web/../tests/web_test_helpers";

class Step extends models.Model {
    _name = "step.test";
    due_on = fields.Date();
    _records = [
        {id: 1, due_on: "2026-11-29"},
        {id: 2, due_on: "2026-11-30"},
        {id: 3, due_on: "2026-12-01"},
        {id: 4, due_on: "2027-01-02"},
        {id: 5, due_on: "2027-06-01"},
        {id: 6, due_on: false},
    ];
}

defineModels([Step]);
defineMailModels();

test("days are counted in days, also where a month or a year ends", async () => {
    mockDate("2026-11-30 12:00:00");
    await mountView({
        type: "list",
        resModel: "step.test",
        arch: `<list><field name="due_on" widget="crm_days"/></list>`,
    });
    expect(".o_data_row:eq(0) .o_data_cell").toHaveText("Yesterday");
    expect(".o_data_row:eq(1) .o_data_cell").toHaveText("Today");
    expect(".o_data_row:eq(2) .o_data_cell").toHaveText("Tomorrow");
    expect(".o_data_row:eq(3) .o_data_cell").toHaveText("In 33 days");
    expect(".o_data_row:eq(4) .o_data_cell").toHaveText("Jun 1, 2027");
    expect(".o_data_row:eq(5) .o_data_cell").toHaveText("");
});
