import {animationFrame, click, expect, queryAllTexts, queryOne, test} from "@odoo/hoot";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {
    defineModels,
    fields,
    mockService,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

class Lead extends models.Model {
    _name = "crm.lead";
    name = fields.Char();
    ai_score = fields.Integer();
    ai_score_change = fields.Integer();
    ai_score_at = fields.Datetime();
    ai_temperature = fields.Selection({
        selection: [
            ["cold", "Cold"],
            ["warm", "Warm"],
            ["hot", "Hot"],
        ],
    });
    _records = [
        {
            id: 1,
            name: "Biotech",
            ai_score: 72,
            ai_score_change: 5,
            ai_score_at: "2026-11-30 08:00:00",
            ai_temperature: "hot",
        },
        {id: 2, name: "Nouveau", ai_score: 0, ai_temperature: false},
    ];
}

defineMailModels();
defineModels([Lead]);

const DETAILS = {
    score: 72,
    temperature: "hot",
    change: 5,
    previous: 67,
    since: "2026-11-30 08:00:00",
    is_closed: false,
    usual: 31,
    basis: "Learnt from 240 closed deals (version 3).",
    reasons: [
        {
            name: "mails_in",
            text: "Messages from the client: 4",
            points: 12.4,
            fact: "mails",
        },
        {name: "seen", text: "Criterion: Trade fair", points: 0.6, fact: ""},
        {
            name: "age_days",
            text: "Age of the deal: old",
            points: -6.2,
            fact: "create_date",
        },
    ],
    advice: [{name: "calls", text: "Call the client", points: 4}],
};

const FORM = `<form><field name="name"/><widget name="crm_score_panel"/></form>`;

test("the panel says what speaks for and against a deal", async () => {
    onRpc("crm.lead", "get_score_details", () => DETAILS);
    await mountView({type: "form", resModel: "crm.lead", resId: 1, arch: FORM});
    expect(".o_crm_score_head .o_crm_score").toHaveText("72\n/ 100");
    expect(queryAllTexts("[data-side='for'] .o_crm_score_bar")).toEqual(["+12", "+1"]);
    expect(queryAllTexts("[data-side='against'] .o_crm_score_bar")).toEqual([
        "\u22126",
    ]);
    expect(".o_crm_score_advice li").toHaveText("Call the client(about +4)");
    expect("[data-side='for'] li button").toHaveCount(1);
});

test("a reason opens what it rests on", async () => {
    onRpc("crm.lead", "get_score_details", () => DETAILS);
    onRpc("crm.lead", "action_open_score_fact", ({args}) => {
        expect.step(args);
        return {type: "ir.actions.act_window", name: "Messages exchanged"};
    });
    mockService("action", {
        doAction: (action) => expect.step(action.name),
    });
    await mountView({type: "form", resModel: "crm.lead", resId: 1, arch: FORM});
    await click("[data-side='for'] li button");
    await animationFrame();
    expect.verifySteps([[[1], "mails_in"], "Messages exchanged"]);
});

test("a deal that was never scored says so", async () => {
    onRpc("crm.lead", "get_score_details", () => ({
        ...DETAILS,
        score: null,
        reasons: [],
        advice: [],
    }));
    await mountView({type: "form", resModel: "crm.lead", resId: 2, arch: FORM});
    expect(".o_crm_score_head").toHaveCount(0);
    expect(queryOne(".o_crm_score_panel")).toHaveText(/not scored yet/);
});

test("the badge shows number, temperature and direction", async () => {
    await mountView({
        type: "list",
        resModel: "crm.lead",
        arch: `<list><field name="name"/><field name="ai_score" widget="crm_score"/></list>`,
    });
    expect(".o_data_row:eq(0) .o_crm_score").toHaveAttribute("data-temperature", "hot");
    expect(".o_data_row:eq(0) .fa-caret-up").toHaveCount(1);
    expect(".o_data_row:eq(1) .o_crm_score").toHaveCount(0);
    expect(".o_data_row:eq(1) [name='ai_score']").toHaveText("-");
});
