import {Component, onWillStart, useState} from "@odoo/owl";
import {clock} from "../review/clock";
import {useService} from "@web/core/utils/hooks";

/** The recorder of one meeting: consent first, then start, pause, finish. */
export class Recorder extends Component {
    static template = "crm_ai_meeting.Recorder";
    static props = {
        meetingId: Number,
        hasConsent: Boolean,
        isBegun: Boolean,
        onFinished: Function,
    };

    setup() {
        this.recorder = useService("crm_ai_meeting.recorder");
        this.notification = useService("notification");
        this.sound = useState(this.recorder.state);
        this.state = useState({consent: this.props.hasConsent});
        onWillStart(() => this.recorder.watch(this.props.meetingId));
    }

    get isElsewhere() {
        return this.recorder.isBusy && this.sound.meeting !== this.props.meetingId;
    }

    get phase() {
        return this.sound.meeting === this.props.meetingId ? this.sound.phase : "idle";
    }

    get time() {
        return clock(
            this.phase === "idle" && this.isElsewhere ? 0 : this.sound.seconds
        );
    }

    get canGoOn() {
        return this.phase === "idle" && (this.props.isBegun || this.sound.seconds > 0);
    }

    start() {
        return this.recorder.start(this.props.meetingId);
    }

    async finish() {
        if (await this.recorder.stop(this.props.meetingId)) {
            this.props.onFinished();
        }
    }
}
