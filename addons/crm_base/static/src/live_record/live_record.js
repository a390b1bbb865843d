import {onWillUnmount, status} from "@odoo/owl";
import {formView} from "@web/views/form/form_view";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";

export const MESSAGE_TYPE = "crm_base.record";

/** A form that reads its record again when the server says that a job changed it. */
class LiveRecordController extends formView.Controller {
    setup() {
        super.setup();
        const busService = useService("bus_service");
        const follow = async ({res_model, res_id}) => {
            const root = this.model.root;
            const isShown =
                root && root.resModel === res_model && root.resId === res_id;
            if (isShown && !(await root.isDirty()) && status(this) !== "destroyed") {
                await this.model.load();
            }
        };
        busService.subscribe(MESSAGE_TYPE, follow);
        onWillUnmount(() => busService.unsubscribe(MESSAGE_TYPE, follow));
    }
}

registry.category("views").add("crm_live_record", {
    ...formView,
    Controller: LiveRecordController,
});
