import {beforeEach, expect, test} from "@odoo/hoot";
import {allowTranslations, patchWithCleanup} from "@web/../tests/web_test_helpers";
import {registry} from "@web/core/registry";
import {session} from "@web/session";

// The part itself registers what is tested here.
import "@report_chromium/engine_warning/engine_warning";

const NAME = "report_engine_warning";
const notification = {
    add: (text, {type, sticky}) =>
        expect.step(`${type} ${sticky}: ${`${text}`.slice(0, 41)}`),
};

beforeEach(() => allowTranslations());

async function print(reportType) {
    const handler = registry.category("ir.actions.report handlers").get(NAME);
    const env = {services: {notification}};
    return handler({report_type: reportType}, {}, env);
}

test("a document that loses its header is never printed silently", async () => {
    patchWithCleanup(session, {report_engine: "wkhtmltopdf_bare"});
    expect(await print("qweb-pdf")).toBe(false);
    expect.verifySteps(["danger true: This PDF has no header and no footer: no "]);
});

test("a server without any engine says whom to tell", async () => {
    patchWithCleanup(session, {report_engine: "none"});
    await print("qweb-pdf");
    expect.verifySteps(["danger true: This server cannot make PDF documents. Te"]);
});

test("complete documents and other formats come without a word", async () => {
    patchWithCleanup(session, {report_engine: "chromium"});
    await print("qweb-pdf");
    patchWithCleanup(session, {report_engine: "wkhtmltopdf_bare"});
    await print("qweb-html");
    expect.verifySteps([]);
});

test("an administrator hears of it when the web client opens", async () => {
    const service = registry.category("services").get(NAME);
    patchWithCleanup(session, {report_engine_warning: ""});
    service.start({}, {notification});
    patchWithCleanup(session, {report_engine_warning: "Chromium was not found"});
    service.start({}, {notification});
    expect.verifySteps(["warning true: Chromium was not found"]);
});
