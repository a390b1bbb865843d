import {Component, status, useRef, useState} from "@odoo/owl";
import {RefusedError, post} from "../recorder/send";
import {_t} from "@web/core/l10n/translation";

/** A place to drop the file or the text of a meeting; pasting works, too. */
export class DropZone extends Component {
    static template = "crm_ai_meeting.DropZone";
    static props = {resModel: String, resId: Number, onDone: Function};

    setup() {
        this.input = useRef("input");
        this.state = useState({isOver: false, isSending: false, problem: ""});
    }

    onDragOver(ev) {
        ev.preventDefault();
        this.state.isOver = true;
    }

    onDragLeave() {
        this.state.isOver = false;
    }

    onDrop(ev) {
        ev.preventDefault();
        this.state.isOver = false;
        return this.take(ev.dataTransfer);
    }

    onPaste(ev) {
        ev.preventDefault();
        return this.take(ev.clipboardData);
    }

    async onChoose(ev) {
        const [file] = ev.target.files;
        if (file) {
            await this.sendFile(file, file.name);
            ev.target.value = "";
        }
    }

    take(data) {
        const [file] = data.files;
        if (file) {
            return this.sendFile(file, file.name);
        }
        const text = data.getData("text/plain").trim();
        if (text) {
            return this.sendFile(
                new window.Blob([text], {type: "text/plain"}),
                "texte.txt"
            );
        }
        return undefined;
    }

    async sendFile(file, fileName) {
        if (this.state.isSending) {
            return;
        }
        this.state.isSending = true;
        this.state.problem = "";
        const {resModel, resId} = this.props;
        const target =
            resModel === "crm.meeting.summary"
                ? {summary_id: resId}
                : {res_model: resModel, res_id: resId};
        try {
            const {id} = await post("/crm_ai_meeting/upload", {
                ...target,
                file,
                fileName,
            });
            await this.props.onDone(id);
        } catch (error) {
            this.state.problem =
                error instanceof RefusedError && error.message
                    ? error.message
                    : _t("The file did not arrive. Check the network and try again.");
        }
        if (status(this) !== "destroyed") {
            this.state.isSending = false;
        }
    }
}
