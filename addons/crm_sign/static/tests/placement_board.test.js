import {beforeEach, expect, test} from "@odoo/hoot";
import {
    click,
    edit,
    pointerDown,
    pointerUp,
    hover,
    press,
    queryAll,
    queryAllTexts,
    queryOne,
    queryRect,
} from "@odoo/hoot-dom";
import {animationFrame} from "@odoo/hoot-mock";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {
    makeMockEnv,
    mockService,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import {getDefaultConfig} from "@web/views/view";
import {pdfEngine} from "@crm_sign/pdf/pdf_pages";
import {PlacementBoard} from "@crm_sign/placement/placement_board";

defineMailModels();

const A4 = [595, 842];
let saved = [];
let server = null;

function fakePdf() {
    return {
        getPage: async () => ({
            getViewport: ({scale}) => ({width: A4[0] * scale, height: A4[1] * scale}),
            render: () => ({promise: Promise.resolve(), cancel() {}}),
        }),
    };
}

beforeEach(() => {
    saved = [];
    server = {
        state: "draft",
        documents: [
            {
                id: 3,
                name: "Contrat",
                attachment_id: [9, "Contrat.pdf"],
                page_count: 2,
                pages_json: JSON.stringify([A4, A4]),
            },
        ],
        signers: [
            {id: 1, name: "Marie Leblanc"},
            {id: 2, name: "Paul Roux"},
        ],
        fields: [
            {
                id: 20,
                type: "signature",
                label: false,
                required: true,
                page: 1,
                x: 100,
                y: 200,
                width: 170,
                height: 56,
                signer_id: [1, "Marie Leblanc"],
                document_id: [3, "Contrat"],
            },
        ],
        write: () => true,
    };
    patchWithCleanup(pdfEngine, {
        load: async () => ({
            GlobalWorkerOptions: {},
            getDocument: ({url}) => {
                expect.step(`open ${url}`);
                return {promise: Promise.resolve(fakePdf())};
            },
        }),
    });
    onRpc("crm.sign.request", "read", () => [
        {id: 5, display_name: "Contrat Roux", state: server.state},
    ]);
    onRpc("crm.sign.document", "search_read", () => server.documents);
    onRpc("crm.sign.signer", "search_read", () => server.signers);
    onRpc("crm.sign.field", "search_read", () => server.fields);
    onRpc("crm.sign.request", "write", ({args}) => {
        saved.push(args[1].field_ids);
        return server.write();
    });
});

async function mountBoard({action = {params: {res_model: "crm.sign.request"}}} = {}) {
    mockService("action", {
        doAction(request) {
            expect.step(`show ${request.res_model} ${request.res_id}`);
        },
    });
    await mountWithCleanup(PlacementBoard, {
        env: await makeMockEnv({config: getDefaultConfig()}),
        props: {
            action: {
                context: {active_model: "crm.sign.request", active_id: 5},
                ...action,
            },
            actionId: 1,
            className: "",
        },
    });
    await animationFrame();
}

const FIELD = ".o_crm_sign_field";
const SAVE = ".o_crm_sign_actions .btn-primary";

test("fields of each signer show their place, owner and number", async () => {
    await mountBoard();
    expect.verifySteps(["open /web/content/9"]);
    expect(".o_crm_sign_page").toHaveCount(2);
    expect(FIELD).toHaveCount(1);
    expect(FIELD).toHaveAttribute("aria-label", "Signature, Marie Leblanc");
    expect(`${FIELD} .o_crm_sign_rank`).toHaveText("1");
    expect(queryAllTexts(".o_crm_sign_missing li")).toEqual([
        "No signature field for Paul Roux",
    ]);
    expect(SAVE).toHaveAttribute("disabled");
});

test("a field is added for the chosen signer and saved in one write", async () => {
    await mountBoard();
    await click(".o_crm_sign_owner:nth-of-type(2) input");
    await click(".o_crm_sign_palette [data-type=initials]");
    await animationFrame();
    expect(FIELD).toHaveCount(2);
    expect(".o_selected").toHaveAttribute("aria-label", "Initials, Paul Roux");
    await click(SAVE);
    await animationFrame();
    expect(saved.length).toBe(1);
    const [[code, , values]] = saved[0];
    expect(code).toBe(0);
    expect([values.signer_id, values.document_id, values.page, values.type]).toEqual([
        2,
        3,
        1,
        "initials",
    ]);
    expect.verifySteps(["open /web/content/9"]);
});

test("keyboard alone moves, resizes, turns the page and deletes", async () => {
    await mountBoard();
    queryOne(FIELD).focus();
    await animationFrame();
    expect(FIELD).toHaveClass("o_selected");
    await press("ArrowRight");
    await press("ArrowDown", {ctrlKey: true});
    await press("ArrowRight", {shiftKey: true});
    await press("PageDown");
    await animationFrame();
    await click(SAVE);
    await animationFrame();
    expect(saved[0]).toEqual([[1, 20, {page: 2, x: 105, y: 201, width: 175}]]);
    queryOne(FIELD).focus();
    await animationFrame();
    await press("Delete");
    await animationFrame();
    expect(FIELD).toHaveCount(0);
    await click(SAVE);
    await animationFrame();
    expect(saved[1]).toEqual([[2, 20, 0]]);
    expect.verifySteps(["open /web/content/9"]);
});

test("a field is dragged and stays on its page", async () => {
    await mountBoard();
    const {x, y} = queryRect(FIELD);
    await hover(FIELD, {position: {x: x + 10, y: y + 10}});
    await pointerDown(FIELD, {position: {x: x + 10, y: y + 10}});
    await hover(".o_crm_sign_page:first", {position: {x: x + 60, y: y + 30}});
    await pointerUp(".o_crm_sign_page:first", {position: {x: x + 60, y: y + 30}});
    await animationFrame();
    await click(SAVE);
    await animationFrame();
    const [[code, id, values]] = saved[0];
    expect([code, id]).toEqual([1, 20]);
    expect(values.x > 100 && values.y > 200).toBe(true);
    expect(Object.keys(values).sort()).toEqual(["x", "y"]);
    expect.verifySteps(["open /web/content/9"]);
});

test("exact values, owner and name are typed beside the pages", async () => {
    await mountBoard();
    queryOne(FIELD).focus();
    await animationFrame();
    await click(".o_crm_sign_properties [name=x]");
    await edit("127", {confirm: "blur"});
    await click(".o_crm_sign_properties [name=label]");
    await edit("Bon pour accord", {confirm: "blur"});
    await animationFrame();
    expect(FIELD).toHaveAttribute("aria-label", "Bon pour accord, Marie Leblanc");
    await click(SAVE);
    await animationFrame();
    expect(saved[0]).toEqual([[1, 20, {label: "Bon pour accord", x: 360}]]);
    expect.verifySteps(["open /web/content/9"]);
});

test("initials are copied to every page, once", async () => {
    server.fields[0].type = "initials";
    await mountBoard();
    queryOne(FIELD).focus();
    await animationFrame();
    for (let count = 0; count < 2; count++) {
        await click(".o_crm_sign_properties .btn-secondary");
        await animationFrame();
    }
    expect(FIELD).toHaveCount(2);
    await click(SAVE);
    await animationFrame();
    expect(saved[0].map(([code, , values]) => [code, values.page])).toEqual([[0, 2]]);
    expect.verifySteps(["open /web/content/9"]);
});

test("what was sent is shown and cannot be moved", async () => {
    server.state = "sent";
    await mountBoard();
    expect(SAVE).toHaveCount(0);
    expect(".o_crm_sign_palette").toHaveCount(0);
    queryOne(FIELD).focus();
    await animationFrame();
    await press("ArrowRight");
    await press("Delete");
    await animationFrame();
    expect(FIELD).toHaveCount(1);
    await click(".o_crm_sign_actions .btn-secondary");
    await animationFrame();
    expect(saved).toEqual([]);
    expect.verifySteps(["open /web/content/9", "show crm.sign.request 5"]);
});

test("a refusal of the server is said and nothing is lost", async () => {
    await mountBoard();
    await click(".o_crm_sign_palette [data-type=text]");
    await animationFrame();
    server.write = () => {
        throw new Error("no");
    };
    await click(SAVE);
    await animationFrame();
    expect(".alert-danger").toHaveCount(1);
    expect(FIELD).toHaveCount(2);
    server.write = () => true;
    await click(SAVE);
    await animationFrame();
    expect(".alert-danger").toHaveCount(0);
    expect(saved.length).toBe(2);
    expect.verifySteps(["open /web/content/9"]);
});

test("a request without document or signer says what to do first", async () => {
    server.documents = [];
    server.signers = [];
    server.fields = [];
    await mountBoard();
    expect(".alert-info").toHaveCount(1);
    expect(".alert-warning").toHaveCount(1);
    expect(queryAll(".o_crm_sign_palette button").length).toBe(0);
});

test("opened from nowhere it says so", async () => {
    await mountBoard({action: {context: {}, params: {}}});
    expect(".alert-danger").toHaveText(/Open this screen from/);
});
