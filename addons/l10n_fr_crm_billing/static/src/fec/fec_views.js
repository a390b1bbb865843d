import {Component, useRef, useState} from "@odoo/owl";
import {kanbanView} from "@web/views/kanban/kanban_view";
import {listView} from "@web/views/list/list_view";
import {registry} from "@web/core/registry";
import {useBus, useService} from "@web/core/utils/hooks";
import {user} from "@web/core/user";

export const UPLOAD_ROUTE = "/l10n_fr_crm_billing/fec/upload";

/** Sends a file as a stream: hundreds of megabytes never become base64. */
export class FecUpload extends Component {
    static template = "l10n_fr_crm_billing.FecUpload";
    static props = {};

    setup() {
        this.actionService = useService("action");
        this.fileUpload = useService("file_upload");
        this.uploads = useState(this.fileUpload.uploads);
        this.input = useRef("file");
        this.mine = new Set();
        useBus(this.fileUpload.bus, "FILE_UPLOAD_LOADED", (ev) =>
            this.openCheck(ev.detail.upload)
        );
    }

    get percents() {
        return Object.values(this.uploads).map((one) => Math.round(one.progress * 100));
    }

    choose() {
        this.input.el.click();
    }

    async send(ev) {
        const file = ev.target.files[0];
        if (!file) {
            return;
        }
        const upload = await this.fileUpload.upload(UPLOAD_ROUTE, [file], {
            buildFormData: (data) => data.append("company_id", user.activeCompany.id),
        });
        this.mine.add(upload.id);
        this.input.el.value = "";
    }

    openCheck(upload) {
        if (!this.mine.delete(upload.id)) {
            return;
        }
        this.actionService.doAction({
            type: "ir.actions.act_window",
            res_model: "crm.fec.check",
            res_id: JSON.parse(upload.xhr.responseText).id,
            views: [[false, "form"]],
        });
    }
}

const withUpload = (Controller) =>
    class extends Controller {
        static components = {...Controller.components, FecUpload};
    };

registry.category("views").add("crm_fec_check_list", {
    ...listView,
    Controller: withUpload(listView.Controller),
    buttonTemplate: "l10n_fr_crm_billing.FecButtons",
});
registry.category("views").add("crm_fec_check_kanban", {
    ...kanbanView,
    Controller: withUpload(kanbanView.Controller),
    buttonTemplate: "l10n_fr_crm_billing.FecButtons",
});
