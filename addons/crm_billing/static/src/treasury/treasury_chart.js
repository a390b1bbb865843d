import {Component, onWillStart, useEffect, useRef, xml} from "@odoo/owl";
import {loadBundle} from "@web/core/assets";
import {cookie} from "@web/core/browser/cookie";
import {getColor, getCustomColor} from "@web/core/colors/colors";
import {formatCurrency} from "@web/core/currency";
import {deserializeDate} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";

/**
 * The bank balance of the days to come: as clients usually pay, and as they pay
 * when they are slow.
 */
export class TreasuryChart extends Component {
    static template = xml`
        <div class="o_crm_treasury_chart">
            <canvas t-ref="canvas" role="img" t-att-aria-label="label"/>
        </div>`;
    static props = {curve: Object, currencyId: Number};

    setup() {
        this.canvas = useRef("canvas");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => {
                // Chart comes with the bundle.
                const chart = new Chart(this.canvas.el, this.config); // eslint-disable-line no-undef
                return () => chart.destroy();
            },
            () => [this.props.curve]
        );
    }

    get label() {
        const {p50, p90} = this.props.curve;
        const last = p50.length - 1;
        return _t("Expected balance in %(days)s days: %(usual)s, at worst %(slow)s", {
            days: last,
            usual: this.money(p50[last]),
            slow: this.money(p90[last]),
        });
    }

    money(amount) {
        return formatCurrency(amount, this.props.currencyId);
    }

    get colors() {
        const scheme = cookie.get("color_scheme");
        return {
            text: getCustomColor(scheme, "#111827", "#E4E4E4"),
            grid: getCustomColor(scheme, "#d8dadd", "#3C3E4B"),
            usual: getColor(1, scheme),
            late: getCustomColor(scheme, "#c2410c", "#fb923c"),
        };
    }

    get config() {
        const {days, p50, p90} = this.props.curve;
        const {usual, late} = this.colors;
        const line = (label, data, color, dash) => ({
            label,
            data,
            borderColor: color,
            backgroundColor: color,
            borderDash: dash,
            borderWidth: 2,
            pointRadius: 0,
            stepped: true,
            fill: false,
        });
        return {
            type: "line",
            data: {
                labels: days.map((day) =>
                    deserializeDate(day).toLocaleString({
                        day: "2-digit",
                        month: "2-digit",
                    })
                ),
                datasets: [
                    line(_t("As clients usually pay (P50)"), p50, usual, []),
                    line(_t("When they pay late (P90)"), p90, late, [6, 4]),
                ],
            },
            options: this.options,
        };
    }

    get options() {
        const {text, grid} = this.colors;
        const label = (item) => `${item.dataset.label}: ${this.money(item.parsed.y)}`;
        const short = (value) =>
            formatCurrency(value, this.props.currencyId, {
                humanReadable: true,
                digits: [16, 0],
            });
        return {
            maintainAspectRatio: false,
            animation: false,
            interaction: {intersect: false, mode: "index"},
            plugins: {
                legend: {position: "bottom", labels: {color: text, boxHeight: 0}},
                tooltip: {callbacks: {label}},
            },
            scales: {
                x: {
                    ticks: {maxTicksLimit: 6, maxRotation: 0, color: text},
                    grid: {color: grid},
                },
                y: {ticks: {color: text, callback: short}, grid: {color: grid}},
            },
        };
    }
}
