import {Component, onWillStart, useState} from "@odoo/owl";
import {formatCurrency} from "@web/core/currency";
import {formatDate, deserializeDate} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {formatFloat} from "@web/core/utils/numbers";
import {Layout} from "@web/search/layout";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {TreasuryChart} from "./treasury_chart";

export const MODEL = "crm.treasury.board";

/**
 * Invoiced, collected, late, expected: each number is a button that opens the
 * records it adds up. The server computes; this screen only shows.
 */
export class TreasuryBoard extends Component {
    static template = "crm_billing.TreasuryBoard";
    static components = {Layout, TreasuryChart};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.display = {controlPanel: {}};
        this.state = useState({board: null, period: "year", problem: ""});
        this.asked = 0;
        onWillStart(() => this.load());
    }

    get periods() {
        return [
            ["month", _t("This month")],
            ["quarter", _t("This quarter")],
            ["year", _t("This year")],
            ["twelve_months", _t("Twelve months")],
        ];
    }

    async load() {
        const asked = ++this.asked;
        try {
            const board = await this.orm.call(MODEL, "get_board", [this.state.period]);
            // An answer that comes after a later question is dropped.
            if (asked === this.asked) {
                Object.assign(this.state, {board, problem: ""});
            }
        } catch (error) {
            if (asked === this.asked) {
                this.state.problem =
                    error.data?.message || _t("The board could not be computed.");
            }
        }
    }

    async choosePeriod(period) {
        this.state.period = period;
        await this.load();
    }

    async open(key) {
        const action = await this.orm.call(MODEL, "open_number", [
            key,
            this.state.period,
        ]);
        await this.action.doAction(action);
    }

    openPlans() {
        return this.action.doAction("crm_billing.crm_treasury_plan_action");
    }

    money(amount) {
        return formatCurrency(amount, this.state.board.currency_id);
    }

    day(text) {
        return formatDate(deserializeDate(text));
    }

    get dso() {
        const {dso} = this.state.board;
        return dso === false
            ? _t("not known")
            : _t("%s days", formatFloat(dso, {digits: [16, 1]}));
    }

    /** Width of the bar of an age, in percent of the largest. */
    share(age) {
        const largest = Math.max(
            ...this.state.board.ages.map((a) => Math.abs(a.amount))
        );
        return largest ? Math.round((100 * Math.max(age.amount, 0)) / largest) : 0;
    }

    get isEmpty() {
        const {board} = this.state;
        return !board.invoiced && !board.owed && !board.collected && !board.opening;
    }

    excludedText(item) {
        return item.key === "rate_missing"
            ? _t("%s open amounts are not counted: no exchange rate today.", item.count)
            : _t(
                  "%s expected lines are not counted: no exchange rate today.",
                  item.count
              );
    }

    get sourcesText() {
        const {client, company, terms} = this.state.board.sources;
        return _t(
            "Dates come from payments of the client for %(client)s open amounts, of all clients for %(company)s, from the terms alone for %(terms)s.",
            {client, company, terms}
        );
    }
}

registry.category("actions").add("crm_billing.treasury_board", TreasuryBoard);
