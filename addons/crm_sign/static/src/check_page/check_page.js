import {canHash, hashFile} from "./file_hash";

/** The form of the check page: asks with a hash first, sends a file on demand. */
class CheckForm {
    constructor(form) {
        this.form = form;
        this.file = form.elements.file;
        this.answer = document.getElementById("check-answer");
        this.round = 0;
    }

    start() {
        this.form.addEventListener("submit", (event) => {
            event.preventDefault();
            this.check();
        });
        this.file.addEventListener(
            "change",
            () => this.file.files.length && this.check()
        );
        this.answer.addEventListener("click", (event) => {
            if (event.target.closest("[data-send]")) {
                this.ask(() => this.post(this.form.action, this.wholeForm()));
            }
        });
        this.listenToDrops(this.form.querySelector("[data-drop]"));
        // Until now the form was sent as it is, which works too.
        this.form.dataset.ready = "1";
    }

    listenToDrops(zone) {
        const mark = (isOver) => zone.classList.toggle("over", isOver);
        for (const name of ["dragenter", "dragover"]) {
            zone.addEventListener(name, (event) => {
                event.preventDefault();
                mark(true);
            });
        }
        zone.addEventListener("dragleave", () => mark(false));
        zone.addEventListener("drop", (event) => {
            event.preventDefault();
            mark(false);
            if (event.dataTransfer.files.length) {
                this.file.files = event.dataTransfer.files;
                this.check();
            }
        });
        // A file dropped beside the zone must not replace the page.
        for (const name of ["dragover", "drop"]) {
            window.addEventListener(name, (event) => event.preventDefault());
        }
    }

    check() {
        const [file] = this.file.files;
        if (file && file.size > Number(this.form.dataset.maxBytes)) {
            this.round++;
            this.show(this.sentence("too-large"));
        } else if (file && canHash()) {
            this.ask(() => this.askWithHash(file));
        } else {
            this.ask(() => this.post(this.form.action, this.wholeForm()));
        }
    }

    async askWithHash(file) {
        const {challenge} = this.form.dataset;
        const hashes = await hashFile(await file.arrayBuffer(), challenge);
        const values = new URLSearchParams({
            csrf_token: this.form.elements.csrf_token.value,
            reference: this.form.elements.reference.value,
            challenge,
            ...hashes,
        });
        return this.post(this.form.dataset.check, values);
    }

    wholeForm() {
        const values = new FormData(this.form);
        values.set("part", "1");
        return values;
    }

    /** Show what a question brings, unless a later one was asked meanwhile. */
    async ask(question) {
        const round = ++this.round;
        this.show(this.sentence("busy"), false);
        this.form.setAttribute("aria-busy", "true");
        let answer;
        try {
            answer = await question();
        } catch {
            answer = this.sentence("failed");
        }
        if (round === this.round) {
            this.form.removeAttribute("aria-busy");
            this.show(answer);
        }
    }

    /** The answer is a piece of page made by our server. */
    async post(url, body) {
        const response = await fetch(url, {method: "POST", body});
        if (!response.ok && ![413, 429].includes(response.status)) {
            throw new Error(`status ${response.status}`);
        }
        const page = new window.DOMParser().parseFromString(
            await response.text(),
            "text/html"
        );
        return page.body;
    }

    sentence(name) {
        const body = document.createElement("div");
        const line = document.querySelector(`[data-say="${name}"]`).cloneNode(true);
        line.hidden = false;
        body.append(line);
        return body;
    }

    show(body, hasFocus = true) {
        this.answer.replaceChildren(...body.childNodes);
        if (hasFocus) {
            this.answer.focus({preventScroll: true});
            this.answer.scrollIntoView({block: "nearest"});
        }
    }
}

function start() {
    const form = document.querySelector("form[data-check]");
    if (form) {
        new CheckForm(form).start();
    }
}

if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", start);
} else {
    start();
}
