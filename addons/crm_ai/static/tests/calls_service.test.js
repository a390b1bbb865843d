import {expect, test} from "@odoo/hoot";
import {advanceTime} from "@odoo/hoot-mock";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {getService, makeMockEnv, onRpc} from "@web/../tests/web_test_helpers";

defineMailModels();

function serveCalls(states) {
    onRpc("crm.ai.call", "watch", ({args: [[id]]}) => {
        expect.step("watch");
        const state = states.shift() || "done";
        return {id, state, result: state === "done" ? {text: "Bonjour"} : null};
    });
}

test("a follower hears of every state and of the result", async () => {
    serveCalls(["pending", "done"]);
    await makeMockEnv();
    const calls = getService("crm_ai.calls");
    const heard = [];
    calls.follow(7, (call) => heard.push(call));
    await advanceTime(0);
    expect(heard.map((call) => call.state)).toEqual(["pending"]);
    // The bus stays silent: the service looks again by itself.
    await advanceTime(5000);
    expect(heard.map((call) => call.state)).toEqual(["pending", "done"]);
    expect(heard[1].result).toEqual({text: "Bonjour"});
    await advanceTime(20000);
    expect.verifySteps(["watch", "watch"]);
});

test("who stops following hears nothing more", async () => {
    serveCalls(["pending", "pending"]);
    await makeMockEnv();
    const calls = getService("crm_ai.calls");
    let heard = 0;
    const unfollow = calls.follow(7, () => heard++);
    await advanceTime(0);
    unfollow();
    await advanceTime(20000);
    expect(heard).toBe(1);
    expect.verifySteps(["watch"]);
});
