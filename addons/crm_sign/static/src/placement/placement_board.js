import {
    Component,
    onMounted,
    onPatched,
    onWillStart,
    useExternalListener,
    useRef,
    useState,
} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {useSetupAction} from "@web/search/action_hook";
import {Layout} from "@web/search/layout";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {openPdf} from "../pdf/pdf_pages";
import {boxAround, keepInside, stepAside, toCommands} from "./placement_geometry";
import {PlacementPage} from "./placement_page";
import {PlacementProperties} from "./placement_properties";
import {getNames, getSource, readBoard} from "./placement_source";

const ZOOMS = [0.5, 0.75, 1, 1.25, 1.5, 2];
const MARGIN_PIXELS = 48;

/** The pages of a request or a template, with the fields of each signer on them. */
export class PlacementBoard extends Component {
    static template = "crm_sign.PlacementBoard";
    static components = {Layout, PlacementPage, PlacementProperties};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.display = {controlPanel: {}};
        this.scroller = useRef("scroller");
        this.nextKey = 1;
        this.saved = [];
        this.pdfs = new Map();
        const {context = {}, params = {}} = this.props.action;
        this.model = params.res_model || context.active_model;
        this.resId = context.active_id;
        this.state = useState({
            isReady: false,
            name: "",
            isReadonly: true,
            documents: [],
            owners: [],
            fields: [],
            opened: {},
            failed: {},
            ownerId: null,
            selected: null,
            fit: 1,
            zoom: 2,
            isSaving: false,
            said: "",
            problem: "",
        });
        useSetupAction({
            beforeLeave: () => this.save(),
            beforeUnload: (event) => {
                if (this.isDirty) {
                    event.preventDefault();
                    event.returnValue = "";
                }
            },
        });
        onWillStart(() => this.load());
        onMounted(() => this.fitPages());
        onPatched(() => this.follow());
        useExternalListener(window, "resize", () => this.fitPages());
    }

    get types() {
        return [
            {type: "signature", label: _t("Signature"), icon: "fa-pencil-square-o"},
            {type: "initials", label: _t("Initials"), icon: "fa-pencil"},
            {type: "date", label: _t("Date"), icon: "fa-calendar"},
            {type: "text", label: _t("Text"), icon: "fa-font"},
            {type: "checkbox", label: _t("Checkbox"), icon: "fa-check-square-o"},
        ];
    }

    get commands() {
        return toCommands(this.saved, this.state.fields, getNames(this.model));
    }

    get isDirty() {
        return this.state.isReady && this.commands.length > 0;
    }

    get selectedField() {
        return this.state.fields.find(({key}) => key === this.state.selected);
    }

    get unserved() {
        return this.state.owners.filter(
            ({id}) =>
                !this.state.fields.some(
                    ({owner, type}) => owner === id && type === "signature"
                )
        );
    }

    async load() {
        if (!getSource(this.model) || !this.resId) {
            this.state.problem = _t("Open this screen from a signature request.");
            return;
        }
        try {
            const {fields, ...board} = await readBoard(
                this.orm,
                this.model,
                this.resId
            );
            this.saved = fields.map((field) => ({...field}));
            const keyed = fields.map((field) => ({...field, key: this.nextKey++}));
            Object.assign(this.state, board, {
                fields: keyed,
                isReady: true,
                problem: "",
            });
            this.state.ownerId ??= board.owners[0]?.id ?? null;
            board.documents.forEach((document) => this.openDocument(document));
        } catch (error) {
            this.state.problem =
                error.data?.message || _t("The document could not be loaded.");
        }
    }

    async openDocument({id, url}) {
        this.state.failed[id] = false;
        try {
            // Not in the state: a proxy cannot reach the private members of pdf.js.
            this.pdfs.set(id, await openPdf(url));
            this.state.opened[id] = true;
        } catch {
            this.state.failed[id] = true;
        }
    }

    pdfOf(documentId) {
        return this.state.opened[documentId] ? this.pdfs.get(documentId) : null;
    }

    fitPages() {
        const widths = this.state.documents.flatMap(({pages}) =>
            pages.map(({width}) => width)
        );
        const room = (this.scroller.el?.clientWidth || 0) - MARGIN_PIXELS;
        if (widths.length && room > 0) {
            this.state.fit = Math.min(1.4, room / Math.max(...widths));
        }
    }

    get scale() {
        return this.state.fit * ZOOMS[this.state.zoom];
    }

    zoom(step) {
        const zoom = this.state.zoom + step;
        this.state.zoom = Math.max(0, Math.min(ZOOMS.length - 1, zoom));
    }

    get zoomText() {
        return `${Math.round(ZOOMS[this.state.zoom] * 100)} %`;
    }

    ownerOf(field) {
        const nobody = {id: null, name: _t("nobody yet"), rank: "?", color: 7};
        return this.state.owners.find(({id}) => id === field.owner) || nobody;
    }

    captionOf(field) {
        const {label} = this.types.find(({type}) => type === field.type);
        return field.label || label;
    }

    pageOf(field) {
        const document = this.state.documents.find(({id}) => id === field.document);
        const {pages} = document;
        return pages[Math.min(field.page, pages.length) - 1];
    }

    pageCountOf(field) {
        return this.state.documents.find(({id}) => id === field.document).pages.length;
    }

    pageLabel(document, {number}) {
        return _t("Page %(number)s of %(count)s", {
            number,
            count: document.pages.length,
        });
    }

    fieldsOn(page) {
        return this.state.fields.filter((field) => this.pageOf(field) === page);
    }

    say(text) {
        this.state.said = text;
    }

    select(field) {
        this.state.selected = field ? field.key : null;
    }

    change(field, values) {
        const found = this.state.fields.find(({key}) => key === field.key);
        Object.assign(found, values);
        this.say(
            _t("%(field)s, page %(page)s", {
                field: this.captionOf(found),
                page: found.page,
            })
        );
    }

    /** Add a field of the chosen signer; a click puts it where one is looking. */
    add(type, page = this.findVisiblePage(), point = null) {
        if (!page || !this.state.ownerId) {
            return;
        }
        const {x, y} = point || this.findMiddle(page);
        const around = boxAround(type, x, y, page);
        const box = point ? around : stepAside(around, this.fieldsOn(page), page, type);
        const field = {
            key: this.nextKey++,
            type,
            label: "",
            required: true,
            owner: this.state.ownerId,
            document: page.document,
            page: page.number,
            ...box,
        };
        if (type === "checkbox") {
            field.required = false;
        }
        this.state.fields.push(field);
        this.select(field);
        this.say(_t("Added: %s", this.captionOf(field)));
    }

    remove(field) {
        this.say(_t("Deleted: %s", this.captionOf(field)));
        const index = this.state.fields.findIndex(({key}) => key === field.key);
        this.state.fields.splice(index, 1);
        this.state.selected = null;
        this.scroller.el?.focus({preventScroll: true});
    }

    /** The same field on all pages of its document: initials, most of the time. */
    repeat(field) {
        const {pages} = this.state.documents.find(({id}) => id === field.document);
        for (const page of pages) {
            const isThere = this.fieldsOn(page).some(
                (other) => other.type === field.type && other.owner === field.owner
            );
            if (!isThere) {
                this.state.fields.push({
                    ...field,
                    id: undefined,
                    key: this.nextKey++,
                    page: page.number,
                    ...keepInside(field, page, field.type),
                });
            }
        }
        this.say(_t("Copied to every page"));
    }

    turnPage(field, step) {
        const {pages} = this.state.documents.find(({id}) => id === field.document);
        const page = pages[field.page - 1 + step];
        if (page) {
            this.change(field, {
                page: page.number,
                ...keepInside(field, page, field.type),
            });
            this.hasTurned = true;
        }
    }

    /** Show the field that a key has just moved to another page. */
    follow() {
        if (this.hasTurned) {
            this.hasTurned = false;
            this.scroller.el
                ?.querySelector(".o_crm_sign_field.o_selected")
                ?.scrollIntoView({block: "center"});
        }
    }

    /** End of a drag: on which page was the field let go? */
    drop(field, event, {isResize, from, box}) {
        const found = isResize ? null : this.findPageAt(event.clientX, event.clientY);
        const home = this.pageOf(field);
        if (!found || found.page === home) {
            this.change(field, keepInside(field, home, field.type));
            return;
        }
        const start = this.findElement(home).getBoundingClientRect();
        const grip = {
            x: (from[0] - start.left) / this.scale - box.x,
            y: (from[1] - start.top) / this.scale - box.y,
        };
        const {page, x, y} = found;
        this.change(field, {
            document: page.document,
            page: page.number,
            ...keepInside(
                {...box, x: x - grip.x, y: y - Math.min(grip.y, box.height)},
                page,
                field.type
            ),
        });
    }

    get pageElements() {
        return [...(this.scroller.el?.querySelectorAll(".o_crm_sign_page") || [])];
    }

    pageFrom(element) {
        const {document: documentId, number} = element.dataset;
        return this.state.documents
            .find(({id}) => id === Number(documentId))
            .pages.find((page) => page.number === Number(number));
    }

    findElement(page) {
        return this.pageElements.find((element) => this.pageFrom(element) === page);
    }

    findPageAt(clientX, clientY) {
        for (const element of this.pageElements) {
            const rect = element.getBoundingClientRect();
            const isInside =
                clientX >= rect.left &&
                clientX <= rect.right &&
                clientY >= rect.top &&
                clientY <= rect.bottom;
            if (isInside) {
                return {
                    page: this.pageFrom(element),
                    x: (clientX - rect.left) / this.scale,
                    y: (clientY - rect.top) / this.scale,
                };
            }
        }
        return null;
    }

    /** The page that fills most of the window. */
    findVisiblePage() {
        const view = this.scroller.el.getBoundingClientRect();
        let [best, most] = [this.pageElements[0], -1];
        for (const element of this.pageElements) {
            const rect = element.getBoundingClientRect();
            const seen =
                Math.min(rect.bottom, view.bottom) - Math.max(rect.top, view.top);
            if (seen > most) {
                [best, most] = [element, seen];
            }
        }
        return best && this.pageFrom(best);
    }

    findMiddle(page) {
        const view = this.scroller.el.getBoundingClientRect();
        const rect = this.findElement(page).getBoundingClientRect();
        const top = Math.max(rect.top, view.top);
        const bottom = Math.min(rect.bottom, view.bottom);
        return {
            x: page.width / 2,
            y: ((top + bottom) / 2 - rect.top) / this.scale,
        };
    }

    /** From the palette: dragged onto a page, or simply pressed. */
    grabType(event, type) {
        if (event.button) {
            return;
        }
        const from = [event.clientX, event.clientY];
        const release = (end) => {
            window.removeEventListener("pointerup", release);
            window.removeEventListener("pointercancel", release);
            const isDrag = Math.hypot(end.clientX - from[0], end.clientY - from[1]) > 8;
            const found = isDrag && this.findPageAt(end.clientX, end.clientY);
            if (found) {
                this.add(type, found.page, found);
            }
        };
        window.addEventListener("pointerup", release);
        window.addEventListener("pointercancel", release);
    }

    /** Write everything in one transaction; true when nothing is left to write. */
    async save() {
        if (this.state.isReadonly || !this.isDirty || this.state.isSaving) {
            return true;
        }
        this.state.isSaving = true;
        try {
            await this.orm.write(this.model, [this.resId], {field_ids: this.commands});
            this.state.problem = "";
            await this.refreshFields();
            this.say(_t("Saved"));
            return true;
        } catch (error) {
            this.state.problem =
                error.data?.message ||
                _t("Nothing was saved: check your connection and try again.");
            return false;
        } finally {
            this.state.isSaving = false;
        }
    }

    async refreshFields() {
        const {fields, isReadonly} = await readBoard(this.orm, this.model, this.resId);
        this.saved = fields.map((field) => ({...field}));
        this.state.fields = fields.map((field) => ({...field, key: this.nextKey++}));
        this.state.isReadonly = isReadonly;
        this.state.selected = null;
    }

    async close() {
        if (await this.save()) {
            await this.action.doAction({
                type: "ir.actions.act_window",
                res_model: this.model,
                res_id: this.resId,
                views: [[false, "form"]],
            });
        }
    }
}

registry.category("actions").add("crm_sign.placement", PlacementBoard);
