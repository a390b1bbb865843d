import {PlaceholderPicker} from "@crm_documents/picker/placeholder_picker";
import {nodesOf, textOf} from "@crm_documents/picker/snippets";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {animationFrame, expect, test} from "@odoo/hoot";
import {press, queryAllTexts} from "@odoo/hoot-dom";
import {
    contains,
    defineModels,
    fields,
    models,
    mockService,
    mountView,
    mountWithCleanup,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import {browser} from "@web/core/browser/browser";

const LINES = {
    path: "devis.lignes",
    label: "Lignes du devis",
    kind: "list",
    row: "ligne",
    columns: [
        {code: "designation", label: "Désignation", kind: "text"},
        {code: "total_ht", label: "Montant <HT>", kind: "money"},
    ],
};
const FAMILIES = [
    {
        name: "client",
        label: "Client",
        items: [
            {path: "client.nom", label: "Nom du client", kind: "text", columns: []},
            {path: "client.siret", label: "SIRET", kind: "text", columns: []},
        ],
    },
    {name: "devis", label: "Devis", items: [LINES]},
];

class DocumentTemplate extends models.Model {
    _name = "crm.document.template";
    body_html = fields.Html();
    picker = fields.Json();
    _records = [{id: 1, body_html: "<p>Bonjour </p>", picker: FAMILIES}];
}

defineModels([DocumentTemplate]);
defineMailModels();

async function mountPicker() {
    await mountWithCleanup(PlaceholderPicker, {
        props: {
            families: FAMILIES,
            onPick: (item) => expect.step(item.path || item.kind),
        },
    });
}

test("the first family is open, the others open by a click", async () => {
    await mountPicker();
    expect(queryAllTexts(".o_crm_picker_item")).toEqual(["Nom du client", "SIRET"]);
    await contains("button:contains(Devis)").click();
    expect(".o_crm_picker_item").toHaveCount(3);
});

test("the search ignores accents and capitals and opens what it finds", async () => {
    await mountPicker();
    await contains("input[type=search]").edit("LIGNES dévis", {confirm: false});
    await animationFrame();
    expect(queryAllTexts(".o_crm_picker_item")).toEqual(["Lignes du devis"]);
    await contains("input[type=search]").edit("zzz", {confirm: false});
    await animationFrame();
    expect(".o_crm_picker_item").toHaveCount(0);
    expect(".o_crm_picker_list p").toHaveCount(1);
});

test("mouse and keyboard pick once each", async () => {
    await mountPicker();
    await contains("[data-path='client.nom']").click();
    expect.verifySteps(["client.nom"]);
    await contains("[data-path='client.siret']").focus();
    await press("Enter");
    expect.verifySteps(["client.siret"]);
    await contains(".o_crm_picker_option").click();
    expect.verifySteps(["option"]);
});

test("what is written for each kind", () => {
    expect(textOf(FAMILIES[0].items[0])).toBe("{{ client.nom }}");
    expect(textOf(LINES)).toBe("{% pour ligne dans devis.lignes %}");
    expect(textOf(LINES, {forDocx: true})).toBe("{%tr pour ligne dans devis.lignes %}");
    expect(textOf({kind: "condition"}, {forDocx: true})).toMatch(/^\{%p si /);
});

test("a list becomes a table whose row opens and closes the section", () => {
    const [table] = nodesOf(LINES, document);
    const rows = [...table.querySelectorAll("tr")];
    expect(rows.map((row) => row.textContent)).toEqual([
        "DésignationMontant <HT>",
        "{% pour ligne dans devis.lignes %}{{ ligne.designation }}{{ ligne.total_ht }}{% fin %}",
    ]);
    expect(table.querySelector("ht")).toBe(null);
});

test("a picked name is written in the editor and saved with it", async () => {
    await mountView({
        type: "form",
        resModel: "crm.document.template",
        resId: 1,
        arch: `<form><field name="body_html" widget="crm_template_text"
            options="{'embedded_components': false}"/></form>`,
    });
    await contains(".note-editable p").click();
    await contains("[data-path='client.nom']").click();
    await animationFrame();
    expect(".note-editable").toHaveText(/\{\{ client\.nom \}\}/);
});

test("a name of a DOCX template is copied", async () => {
    mockService("notification", {add: (text) => expect.step(text)});
    patchWithCleanup(browser.navigator.clipboard, {
        writeText: async (text) => expect.step(text),
    });
    await mountView({
        type: "form",
        resModel: "crm.document.template",
        resId: 1,
        arch: `<form><field name="picker" widget="crm_template_names"/></form>`,
    });
    await contains("[data-path='client.nom']").click();
    await animationFrame();
    expect.verifySteps(["{{ client.nom }}", "Copied: {{ client.nom }}"]);
});
