import {expect, test} from "@odoo/hoot";
import {click, press, queryAllTexts, queryOne} from "@odoo/hoot-dom";
import {animationFrame, Deferred} from "@odoo/hoot-mock";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {
    makeMockEnv,
    mockService,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import {getDefaultConfig} from "@web/views/view";
import {TreasuryBoard} from "@crm_billing/treasury/treasury_board";
import {TreasuryChart} from "@crm_billing/treasury/treasury_chart";

defineMailModels();

function makeBoard(values = {}) {
    const cells = [30, 60, 90].map((days) => ({
        days,
        p50: days * 10,
        p90: days * 5,
        key: `receipts:${days}`,
    }));
    return {
        currency_id: 1,
        company: "Agence Lumen",
        today: "2026-06-30",
        period: "year",
        start: "2026-01-01",
        invoiced: 12000,
        collected: 7000,
        owed: 5000,
        dso: 41.5,
        dso_invoiced: 10843,
        ages: [
            {key: "age:not_due", label: "Not due yet", late: false, amount: 4000},
            {key: "age:0_30", label: "1 to 30 days late", late: true, amount: 1000},
        ],
        opening: 100,
        opening_typed: 0,
        opening_moved: 100,
        opening_date: false,
        rows: [{kind: "receipts", label: "Open invoices", cells}],
        closing: [30, 60, 90].map((days) => ({
            days,
            p50: 100 + days * 10,
            p90: days === 90 ? -20 : 100,
        })),
        curve: {
            days: ["2026-06-30", "2026-07-01"],
            p50: [100, 110],
            p90: [100, 100],
        },
        excluded: [],
        sources: {client: 3, company: 1, terms: 0},
        ...values,
    };
}

async function mountBoard(answer = makeBoard()) {
    onRpc("crm.treasury.board", "get_board", ({args}) => {
        expect.step(`board ${args[0]}`);
        return typeof answer === "function" ? answer(args[0]) : answer;
    });
    mockService("action", {
        doAction(action) {
            expect.step(`open ${action.res_model || action}`);
        },
    });
    await mountWithCleanup(TreasuryBoard, {
        env: await makeMockEnv({config: getDefaultConfig()}),
        props: {action: {}, actionId: 1, className: ""},
    });
    await animationFrame();
}

test("every number of the board opens its records", async () => {
    onRpc("crm.treasury.board", "open_number", ({args}) => {
        expect.step(args.join(" "));
        return {res_model: "crm.treasury.receipt"};
    });
    await mountBoard();
    expect.verifySteps(["board year"]);
    const keys = [
        "invoiced",
        "collected",
        "owed",
        "invoiced_dso",
        "age:0_30",
        "bank",
        "receipts:30:p50",
        "receipts:90:p90",
    ];
    for (const key of keys) {
        await click(`button[data-key="${key}"]`);
        await animationFrame();
        expect.verifySteps([`${key} year`, "open crm.treasury.receipt"]);
    }
});

test("a number is reached and opened with the keyboard", async () => {
    onRpc("crm.treasury.board", "open_number", ({args}) => {
        expect.step(args[0]);
        return {res_model: "x"};
    });
    await mountBoard();
    queryOne('button[data-key="owed"]').focus();
    await press("Enter");
    await animationFrame();
    expect.verifySteps(["board year", "owed", "open x"]);
});

test("another period asks the server again", async () => {
    await mountBoard((period) => makeBoard({invoiced: period === "month" ? 1 : 12000}));
    await click(".btn-group button:first-child");
    await animationFrame();
    expect.verifySteps(["board year", "board month"]);
    expect('button[data-key="invoiced"]').toHaveText(/1\.00/);
    expect(".btn-group button:first-child").toHaveAttribute("aria-pressed", "true");
});

test("an answer that comes too late is dropped", async () => {
    const slow = new Deferred();
    await mountBoard((period) =>
        period === "month" ? slow : makeBoard({invoiced: 2222})
    );
    await click(".btn-group button:first-child");
    await click(".btn-group button:last-child");
    await animationFrame();
    slow.resolve(makeBoard({invoiced: 1}));
    await animationFrame();
    expect.verifySteps(["board year", "board month", "board twelve_months"]);
    expect('button[data-key="invoiced"]').toHaveText(/2,222\.00/);
});

test("what is not counted is said", async () => {
    await mountBoard(makeBoard({excluded: [{key: "rate_missing", count: 2}]}));
    expect(".alert-warning").toHaveText(/2 open amounts are not counted/);
    expect.verifySteps(["board year"]);
});

test("an empty company is told what to do first", async () => {
    await mountBoard(
        makeBoard({
            invoiced: 0,
            collected: 0,
            owed: 0,
            opening: 0,
            dso: false,
            ages: [],
        })
    );
    expect(".alert-info").toHaveCount(1);
    expect('[data-key="dso"]').toHaveText("not known");
    expect.verifySteps(["board year"]);
});

test("a negative balance is red and the curve has both lines", async () => {
    await mountBoard();
    expect('[data-key="closing:90:p90"]').toHaveClass("text-danger");
    expect(".o_crm_treasury_chart canvas").toHaveAttribute("aria-label");
    expect(queryAllTexts('[role="columnheader"]').length).toBe(4);
    const chart = new TreasuryChart({curve: makeBoard().curve, currencyId: 1}, {}, {});
    expect(chart.config.data.datasets.map((line) => line.data.length)).toEqual([2, 2]);
    expect.verifySteps(["board year"]);
});

test("a failure is shown with a way to try again", async () => {
    let fails = true;
    await mountBoard(() => {
        if (fails) {
            throw new Error("no");
        }
        return makeBoard();
    });
    expect(".alert-danger").toHaveCount(1);
    fails = false;
    await click(".alert-danger button");
    await animationFrame();
    expect(".alert-danger").toHaveCount(0);
    expect(".o_crm_number").not.toHaveCount(0);
    expect.verifySteps(["board year", "board year"]);
});
