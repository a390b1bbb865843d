import {Component} from "@odoo/owl";
import {MM_PER_POINT, keepInside} from "./placement_geometry";

/** What is known of the chosen field, for whoever does not drag. */
export class PlacementProperties extends Component {
    static template = "crm_sign.PlacementProperties";
    static props = {
        field: Object,
        page: Object,
        pageCount: Number,
        owners: Array,
        types: Array,
        isReadonly: Boolean,
        onChange: Function,
        onRepeat: Function,
        onRemove: Function,
    };

    toMm(points) {
        return (points * MM_PER_POINT).toFixed(1);
    }

    setSize(name, text) {
        const points = Number(text) / MM_PER_POINT;
        const {field, page} = this.props;
        if (Number.isFinite(points)) {
            const box = keepInside({...field, [name]: points}, page, field.type);
            this.props.onChange(field, box);
        }
    }

    setPage(text) {
        const {field, pageCount} = this.props;
        const number = Math.max(1, Math.min(pageCount, Math.round(Number(text)) || 1));
        this.props.onChange(field, {page: number});
    }
}
