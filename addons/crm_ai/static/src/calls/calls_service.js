import {browser} from "@web/core/browser/browser";
import {registry} from "@web/core/registry";

export const MESSAGE_TYPE = "crm_ai.call";
const OPEN_STATES = ["pending", "running"];
// What the bus may have lost is asked for again.
const LOOK_AGAIN_MS = 5000;

/**
 * Questions to models: ask one, follow its answer, cancel it.
 *
 * A follower is told with the object of `crm.ai.call.watch`: `state`, growing `text`,
 * `parts` and `done_parts`, then `label`, `answered_by` and `result`.
 */
export const callsService = {
    dependencies: ["bus_service", "orm"],

    start(env, {bus_service: busService, orm}) {
        const followers = new Map();

        function tell(call) {
            for (const callback of followers.get(call.id)?.callbacks || []) {
                callback(call);
            }
            if (!OPEN_STATES.includes(call.state)) {
                stopLooking(call.id);
            }
        }

        function stopLooking(callId) {
            browser.clearInterval(followers.get(callId)?.timer);
        }

        async function look(callId) {
            const call = await orm.silent.call("crm.ai.call", "watch", [[callId]]);
            tell(call);
            return call;
        }

        busService.subscribe(MESSAGE_TYPE, (message) => {
            if (!followers.has(message.id)) {
                return;
            }
            if (OPEN_STATES.includes(message.state)) {
                tell(message);
            } else {
                // The answer itself does not go over the bus.
                look(message.id);
            }
        });
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
            follow(callId, callback) {
                if (!followers.has(callId)) {
                    const timer = browser.setInterval(
                        () => look(callId),
                        LOOK_AGAIN_MS
                    );
                    followers.set(callId, {callbacks: new Set(), timer});
                }
                const {callbacks} = followers.get(callId);
                callbacks.add(callback);
                look(callId);
                return () => {
                    callbacks.delete(callback);
                    if (!callbacks.size) {
                        stopLooking(callId);
                        followers.delete(callId);
                    }
                };
            },
            cancel(callId) {
                return orm.call("crm.ai.call", "action_cancel", [[callId]]);
            },
            look,
        };
    },
};

registry.category("services").add("crm_ai.calls", callsService);
