import {DocumentView} from "./document_view";
import {SignForm} from "./sign_form";

/** Tell that the pages are in front of somebody; without a network nothing is lost. */
async function noteOpening(form) {
    try {
        await fetch(form.dataset.opened, {method: "POST", body: new FormData(form)});
    } catch {
        // Pressing the button tells it as well.
    }
}

/** What makes the server's page more than text and forms. */
function start() {
    for (const element of document.querySelectorAll("[data-document]")) {
        new DocumentView(element).start();
    }
    for (const form of document.querySelectorAll("form[data-opened]")) {
        noteOpening(form);
    }
    for (const form of document.querySelectorAll("form[data-sign]")) {
        new SignForm(form).start();
    }
    for (const form of document.querySelectorAll("form[data-once]")) {
        form.addEventListener("submit", (event) => {
            if (form.dataset.sent) {
                event.preventDefault();
            }
            form.dataset.sent = "1";
        });
    }
    // Back from the history: a page kept in memory can be sent again.
    window.addEventListener("pageshow", () => {
        for (const form of document.querySelectorAll("form[data-once]")) {
            delete form.dataset.sent;
        }
    });
    document.querySelector("[data-focus]")?.focus();
}

if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", start);
} else {
    start();
}
