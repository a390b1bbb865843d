import {InkPad} from "./ink_pad";

/**
 * The last screen: fields, ink, consent, one button. Sent without leaving the page,
 * so that a lost connection loses nothing of what was typed and drawn. Pressing twice,
 * or again after a lost answer, signs once: the server sees to it.
 */
export class SignForm {
    constructor(form) {
        this.form = form;
        this.button = form.querySelector("button[type=submit]");
        this.status = form.querySelector("[data-sign-status]");
        this.pads = new Map();
        this.isSending = false;
    }

    async start() {
        for (const element of this.form.querySelectorAll("[data-ink]")) {
            const pad = new InkPad(element, () => this.forget(element));
            this.pads.set(element, pad);
            await pad.start();
        }
        this.form.addEventListener("submit", (event) => {
            event.preventDefault();
            this.send();
        });
        this.form.addEventListener("input", (event) => this.forget(event.target));
    }

    /** A problem that is being solved is no longer shown. */
    forget(element) {
        const box = element.closest("[data-field]");
        box?.removeAttribute("data-wrong");
        for (const input of box?.querySelectorAll("[aria-invalid]") || []) {
            input.removeAttribute("aria-invalid");
        }
        if (!this.isSending) {
            this.say("");
        }
    }

    /** Show a sentence above the button, or in the field it is about. */
    say(text, {isWaiting = false, box = null} = {}) {
        if (box) {
            box.append(this.status);
        } else {
            this.button.before(this.status);
        }
        this.status.textContent = text;
        this.status.hidden = !text;
        this.status.classList.toggle("warning", Boolean(text) && !isWaiting);
    }

    /** What is missing, first to last on the screen. */
    findMissing() {
        const missing = [];
        for (const box of this.form.querySelectorAll("[data-field]")) {
            const ink = box.matches("[data-ink]") ? this.pads.get(box) : null;
            const input = box.querySelector("input[required], textarea[required]");
            const isMissing = ink
                ? ink.isEmpty
                : input &&
                  (input.type === "checkbox" ? !input.checked : !input.value.trim());
            if (isMissing) {
                missing.push(box);
            }
        }
        return missing;
    }

    point(box, message) {
        box.dataset.wrong = "1";
        const input =
            box.querySelector("[data-ink-mode]:checked") ||
            box.querySelector("input, textarea");
        input.setAttribute("aria-invalid", "true");
        this.say(message, {box});
        input.focus({preventScroll: true});
        box.scrollIntoView({block: "center"});
    }

    async send() {
        if (this.isSending) {
            return;
        }
        const [first] = this.findMissing();
        if (first) {
            this.point(first, first.dataset.missing);
            return;
        }
        this.isSending = true;
        this.button.setAttribute("aria-disabled", "true");
        this.say(this.form.dataset.sending, {isWaiting: true});
        try {
            await this.post();
        } finally {
            this.isSending = false;
            this.button.removeAttribute("aria-disabled");
        }
    }

    /** The answer of the server, null when none came. */
    async ask(body) {
        const headers = {Accept: "application/json"};
        try {
            const response = await fetch(this.form.action, {
                method: "POST",
                body,
                headers,
            });
            return await response.json();
        } catch {
            return null;
        }
    }

    async post() {
        const data = new FormData(this.form);
        for (const [element, pad] of this.pads) {
            const file = await pad.toFile();
            if (file) {
                data.set(element.dataset.kind, file, `${element.dataset.kind}.png`);
            }
        }
        const answer = await this.ask(data);
        if (!answer) {
            this.say(this.form.dataset.lost);
        } else if (answer.problem) {
            this.say(answer.problem);
            this.status.scrollIntoView({block: "center"});
        } else {
            window.location.assign(answer.next);
        }
    }
}
