import {registry} from "@web/core/registry";
import {Interaction} from "@web/public/interaction";

// Longer in front than programs that only take a look.
const SECONDS_IN_FRONT = 4;
const GESTURES = ["pointermove", "pointerdown", "touchstart", "keydown", "wheel"];

/**
 * Tells the server that a person has the quotation before the eyes: after a gesture,
 * or some seconds in front. Scanners of mail open links too and must not count.
 */
export class QuoteOpening extends Interaction {
    static selector = ".o_crm_quote_opening";

    setup() {
        this.isTold = false;
        this.seconds = 0;
    }

    start() {
        for (const gesture of GESTURES) {
            this.addListener(document, gesture, (event) => {
                if (event.isTrusted) {
                    this.tell();
                }
            });
        }
        this.tick();
    }

    tick() {
        if (this.isTold) {
            return;
        }
        if (document.visibilityState === "visible") {
            this.seconds++;
        }
        if (this.seconds > SECONDS_IN_FRONT) {
            this.tell();
        } else {
            this.waitForTimeout(() => this.tick(), 1000);
        }
    }

    async tell() {
        if (this.isTold || document.visibilityState !== "visible") {
            return;
        }
        this.isTold = true;
        const {url, fingerprint, pid, hash} = this.el.dataset;
        const body = new FormData();
        body.append("csrf_token", window.odoo.csrf_token);
        body.append("fingerprint", fingerprint || "");
        body.append("pid", pid || "");
        body.append("hash", hash || "");
        try {
            await this.waitFor(fetch(url, {method: "POST", body}));
        } catch {
            // Without a network the visit is not counted; the client loses nothing.
        }
    }
}

registry.category("public.interactions").add("crm_quotes.opening", QuoteOpening);
