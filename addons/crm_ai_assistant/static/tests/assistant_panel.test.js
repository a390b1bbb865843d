import {expect, test} from "@odoo/hoot";
import {click, edit, press, queryAllTexts} from "@odoo/hoot-dom";
import {animationFrame, Deferred} from "@odoo/hoot-mock";
import {AssistantConversation} from "@crm_ai_assistant/panel/assistant_panel";
import {TURN_MESSAGE} from "@crm_ai_assistant/panel/assistant_service";
import {busService} from "@bus/services/bus_service";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {mockService, mountWithCleanup, onRpc} from "@web/../tests/web_test_helpers";

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

/** Gives a function that brings news of a turn, as the bus does. */
function serveNews() {
    let hear = null;
    mockService("bus_service", (env, services) => {
        const bus = busService.start(env, services);
        const {subscribe} = bus;
        bus.subscribe = (type, callback) => {
            if (type === TURN_MESSAGE) {
                hear = callback;
            }
            return subscribe.call(bus, type, callback);
        };
        return bus;
    });
    return async (id) => {
        hear({id});
        await animationFrame();
    };
}

test("old news while the panel loads show no part of the conversation", async () => {
    const turns = [1, 2, 3].map((id) => makeTurn({id, answer: `<p>Réponse ${id}</p>`}));
    const loaded = new Deferred();
    onRpc(TURN, "get_panel", async () => {
        await loaded;
        return {turns, examples: [], has_model: true};
    });
    onRpc(TURN, "watch", ({args: [[id]]}) => {
        expect.step(`watch ${id}`);
        return turns[id - 1] || makeTurn({id, answer: `<p>Réponse ${id}</p>`});
    });
    const sendNews = serveNews();
    await mountWithCleanup(AssistantConversation);
    // The bus tells a new page what happened in the last minute.
    await sendNews(2);
    await sendNews(4);
    expect.verifySteps(["watch 2", "watch 4"]);
    expect(".o_crm_assistant_turn").toHaveCount(0);
    loaded.resolve();
    await animationFrame();
    const answers = [1, 2, 3, 4].map((id) => `Réponse ${id}`);
    expect(queryAllTexts(".o_crm_assistant_answer")).toEqual(answers);
});

test("a question that runs elsewhere is shown running, then answered", async () => {
    const call = {...makeTurn().call, state: "running"};
    let turn = makeTurn({id: 2, state: "waiting", answer: "", call, links: []});
    servePanel([makeTurn({answer: "<p>Avant</p>"}), turn]);
    onRpc(TURN, "watch", () => turn);
    onRpc("crm.ai.call", "watch", () => turn.call);
    const sendNews = serveNews();
    await mountWithCleanup(AssistantConversation);
    await animationFrame();
    expect(queryAllTexts(".o_crm_assistant_answer")).toEqual(["Avant"]);
    expect(".o_crm_assistant_growing [aria-label='Answering']").toHaveCount(1);
    turn = makeTurn({id: 2, answer: "<p>Après</p>"});
    await sendNews(2);
    expect(queryAllTexts(".o_crm_assistant_answer")).toEqual(["Avant", "Après"]);
    expect(".o_crm_assistant_growing").toHaveCount(0);
});
