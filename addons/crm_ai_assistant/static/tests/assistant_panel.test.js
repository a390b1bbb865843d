import {expect, test} from "@odoo/hoot";
import {click, edit, press, queryAllTexts} from "@odoo/hoot-dom";
import {animationFrame} from "@odoo/hoot-mock";
import {AssistantConversation} from "@crm_ai_assistant/panel/assistant_panel";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {mountWithCleanup, onRpc} from "@web/../tests/web_test_helpers";

defineMailModels();

const TURN = "crm.ai.assistant.turn";

function makeTurn(values = {}) {
    return {
        id: 1,
        question: "Mes affaires",
        state: "done",
        answer: "<p>Deux affaires</p>",
        call: {
            id: 5,
            state: "done",
            answered_by: "rules",
            label: "",
            reason: "",
            decision: null,
        },
        proposals: [],
        links: ["Afficher"],
        ...values,
    };
}

function servePanel(turns) {
    onRpc(TURN, "get_panel", () => ({
        turns,
        examples: ["Mes affaires"],
        has_model: false,
    }));
}

test("an empty panel says what to ask", async () => {
    servePanel([]);
    await mountWithCleanup(AssistantConversation);
    await animationFrame();
    expect(".o_crm_assistant_empty").toHaveCount(1);
    expect(queryAllTexts("footer .rounded-pill")).toEqual(["Mes affaires"]);
});

test("a question is asked by Enter and answered below", async () => {
    servePanel([]);
    onRpc(TURN, "ask", ({args}) => {
        expect.step(args[0]);
        return makeTurn({question: args[0]});
    });
    await mountWithCleanup(AssistantConversation);
    await animationFrame();
    await click("textarea");
    await edit("Où en est le pipeline ?");
    await press("Enter");
    await animationFrame();
    expect.verifySteps(["Où en est le pipeline ?"]);
    expect(".o_crm_assistant_question").toHaveText("Où en est le pipeline ?");
    expect(".o_crm_assistant_answer").toHaveText("Deux affaires");
    expect(".o_crm_ai_label").toHaveCount(1);
    expect("textarea").toHaveValue("");
});

test("nothing is done before the card is confirmed", async () => {
    const card = {
        id: 9,
        kind: "activity",
        title: "Appel",
        record: {model: "crm.lead", id: 3, name: "Refonte"},
        summary: "Rappeler",
        body: "",
        date: "2040-05-17",
        state: "proposed",
    };
    servePanel([makeTurn({proposals: [card]})]);
    onRpc("crm.ai.assistant.proposal", "action_confirm", ({args}) => {
        expect.step(`confirm ${args[0]}`);
        card.state = "done";
        return false;
    });
    onRpc(TURN, "watch", () => makeTurn({proposals: [{...card}]}));
    await mountWithCleanup(AssistantConversation);
    await animationFrame();
    expect(".o_crm_assistant_card").toHaveCount(1);
    expect.verifySteps([]);
    await click(".o_crm_assistant_card .btn-primary");
    await animationFrame();
    expect.verifySteps(["confirm 9"]);
    expect(".o_crm_assistant_card .text-bg-success").toHaveCount(1);
});
