import {browser} from "@web/core/browser/browser";
import {registry} from "@web/core/registry";

export const MESSAGE_TYPE = "crm_ai.call";
const OPEN_STATES = ["pending", "running"];
// What the bus may have lost is asked for again.
const LOOK_AGAIN_MS = 5000;

/** Who waits for which answer, and when to look again. */
class Followers {
    constructor(orm) {
        this.orm = orm;
        this.byCall = new Map();
    }

    add(callId, callback) {
        if (!this.byCall.has(callId)) {
            const timer = browser.setInterval(() => this.look(callId), LOOK_AGAIN_MS);
            this.byCall.set(callId, {callbacks: new Set(), timer});
        }
        const {callbacks} = this.byCall.get(callId);
        callbacks.add(callback);
        this.look(callId);
        return () => this.remove(callId, callback);
    }

    remove(callId, callback) {
        const {callbacks, timer} = this.byCall.get(callId) || {};
        if (callbacks?.delete(callback) && !callbacks.size) {
            browser.clearInterval(timer);
            this.byCall.delete(callId);
        }
    }

    async look(callId) {
        const call = await this.orm.silent.call("crm.ai.call", "watch", [[callId]]);
        this.tell(call);
        return call;
    }

    tell(call) {
        const {callbacks = [], timer} = this.byCall.get(call.id) || {};
        if (!OPEN_STATES.includes(call.state)) {
            browser.clearInterval(timer);
        }
        for (const callback of callbacks) {
            callback(call);
        }
    }

    /** The answer itself does not go over the bus: it is read when it is there. */
    hear(message) {
        if (!this.byCall.has(message.id)) {
            return;
        }
        if (OPEN_STATES.includes(message.state)) {
            this.tell(message);
        } else {
            this.look(message.id);
        }
    }
}

/**
 * Questions to models: ask one, follow its answer, cancel it.
 *
 * A follower is told with the object of `crm.ai.call.watch`: `state`, growing `text`,
 * `parts` and `done_parts`, then `label`, `answered_by` and `result`.
 */
export const callsService = {
    dependencies: ["bus_service", "orm"],

    start(env, {bus_service: busService, orm}) {
        const followers = new Followers(orm);
        busService.subscribe(MESSAGE_TYPE, (message) => followers.hear(message));
        busService.start();
        return {
            /** Ask; gives the call as `watch` does. */
            ask(featureCode, resModel, resId, params = {}) {
                return orm.call("crm.ai.call", "ask", [
                    featureCode,
                    resModel || false,
                    resId || 0,
                    params,
                ]);
            },
            /** Tell `callback` of every news of a call; gives a function that ends it. */
            follow: (callId, callback) => followers.add(callId, callback),
            look: (callId) => followers.look(callId),
            cancel: (callId) => orm.call("crm.ai.call", "action_cancel", [[callId]]),
        };
    },
};

registry.category("services").add("crm_ai.calls", callsService);
