import {Component, onWillUnmount, status, useState} from "@odoo/owl";
import {DropZone} from "./drop_zone";
import {deserializeDateTime, formatDate} from "@web/core/l10n/dates";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {useRecordObserver} from "@web/model/relational_model/utils";
import {useService} from "@web/core/utils/hooks";

const SUMMARY = "crm.meeting.summary";
const MESSAGE = "crm_base.record";

/** The meetings of an opportunity or of an event: record one, drop one, open one. */
export class MeetingPanel extends Component {
    static template = "crm_ai_meeting.MeetingPanel";
    static components = {DropZone};
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        const bus = useService("bus_service");
        this.state = useState({rows: null, labels: {}});
        useRecordObserver((record) => this.load(record.resId));
        const follow = ({res_model: resModel}) => {
            if (resModel === SUMMARY && status(this) !== "destroyed") {
                this.load(this.props.record.resId);
            }
        };
        bus.subscribe(MESSAGE, follow);
        onWillUnmount(() => bus.unsubscribe(MESSAGE, follow));
    }

    get resModel() {
        return this.props.record.resModel;
    }

    get resId() {
        return this.props.record.resId;
    }

    async load(resId) {
        if (!resId) {
            return;
        }
        const field = this.resModel === "crm.lead" ? "lead_id" : "event_id";
        const [rows, fields] = await Promise.all([
            this.orm.searchRead(
                SUMMARY,
                [
                    [field, "=", resId],
                    ["state", "!=", "discarded"],
                ],
                ["name", "met_at", "state", "user_id", "action_count"],
                {limit: 40}
            ),
            this.orm.call(SUMMARY, "fields_get", [["state"], ["selection"]]),
        ]);
        if (status(this) !== "destroyed") {
            this.state.labels = Object.fromEntries(fields.state.selection);
            this.state.rows = rows;
        }
    }

    day(row) {
        return formatDate(deserializeDateTime(row.met_at));
    }

    badge(row) {
        return (
            {
                approved: "text-bg-success",
                review: "text-bg-warning",
                failed: "text-bg-danger",
            }[row.state] || "text-bg-info"
        );
    }

    open(id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: SUMMARY,
            res_id: id,
            views: [[false, "form"]],
        });
    }

    async record() {
        const action = await this.orm.call(this.resModel, "action_record_meeting", [
            [this.resId],
        ]);
        return this.action.doAction(action);
    }
}

export const meetingPanel = {component: MeetingPanel};

registry.category("view_widgets").add("crm_meeting_panel", meetingPanel);
