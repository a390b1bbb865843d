import {onWillUnmount, status} from "@odoo/owl";
import {MESSAGE_TYPE as RECORD_MESSAGE} from "@crm_base/live_record/live_record";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {useDebounced} from "@web/core/utils/timing";
import {formView} from "@web/views/form/form_view";
import {kanbanView} from "@web/views/kanban/kanban_view";
import {listView} from "@web/views/list/list_view";

export const RELOAD_DELAY_MS = 400;
export const MESSAGE_TYPES = [
    "crm_integrations.exchange",
    "crm_integrations.connection",
    RECORD_MESSAGE,
];

/**
 * Call `reload` shortly after the server says that exchanges, connections or the
 * record of a person changed, once for a burst of messages.
 *
 * @param {(payloads: Object[]) => void} reload receives what was said meanwhile
 */
export function useExchangeNews(reload) {
    const busService = useService("bus_service");
    let payloads = [];
    const flush = useDebounced(() => {
        const news = payloads;
        payloads = [];
        reload(news);
    }, RELOAD_DELAY_MS);
    const listen = (payload) => {
        payloads.push(payload);
        flush();
    };
    for (const type of MESSAGE_TYPES) {
        busService.subscribe(type, listen);
    }
    onWillUnmount(() => {
        for (const type of MESSAGE_TYPES) {
            busService.unsubscribe(type, listen);
        }
    });
}

/** Messages that name a record are for the views of its model, the others for all. */
export function isAbout(news, resModel, resId = null) {
    return news.some(
        ({res_model, res_id}) =>
            !res_model ||
            (res_model === resModel && (resId === null || res_id === resId))
    );
}

/** A list or kanban follows the server unless somebody works in it. */
function isIdle(root) {
    return !root.editedRecord && !(root.selection && root.selection.length);
}

const followRecords = (Controller) =>
    class extends Controller {
        setup() {
            super.setup();
            useExchangeNews((news) => {
                const {resModel} = this.props;
                if (isAbout(news, resModel) && isIdle(this.model.root)) {
                    this.model.load();
                }
            });
        }
    };

const followRecord = (Controller) =>
    class extends Controller {
        setup() {
            super.setup();
            useExchangeNews(async (news) => {
                const root = this.model.root;
                const isMine = root.resId && isAbout(news, root.resModel, root.resId);
                const isFree = isMine && !(await root.isDirty());
                if (isFree && status(this) !== "destroyed") {
                    await this.model.load();
                }
            });
        }
    };

export const liveListView = {
    ...listView,
    Controller: followRecords(listView.Controller),
};
export const liveKanbanView = {
    ...kanbanView,
    Controller: followRecords(kanbanView.Controller),
};
export const liveFormView = {
    ...formView,
    Controller: followRecord(formView.Controller),
};

registry.category("views").add("crm_live_list", liveListView);
registry.category("views").add("crm_live_kanban", liveKanbanView);
registry.category("views").add("crm_live_form", liveFormView);
