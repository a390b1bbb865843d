import {Component, useState} from "@odoo/owl";
import {normalize} from "@web/core/l10n/utils/normalize";

/**
 * The names a template may use, by family, with a search over what people read.
 *
 * Buttons act on mouse down so that the editor keeps its cursor; the keyboard uses
 * the click that Enter makes.
 */
export class PlaceholderPicker extends Component {
    static template = "crm_documents.PlaceholderPicker";
    static props = {
        families: Array,
        onPick: Function,
        hint: {type: String, optional: true},
    };

    setup() {
        this.state = useState({search: "", open: {}});
    }

    get families() {
        const words = normalize(this.state.search).split(/\s+/).filter(Boolean);
        const found = [];
        for (const family of this.props.families) {
            const items = family.items.filter((item) => {
                const text = normalize(`${family.label} ${item.label} ${item.path}`);
                return words.every((word) => text.includes(word));
            });
            if (items.length) {
                const isOpen = Boolean(words.length) || this.isOpen(family.name);
                found.push({...family, items, isOpen});
            }
        }
        return found;
    }

    isOpen(name) {
        return this.state.open[name] ?? name === this.props.families[0]?.name;
    }

    toggle(name) {
        this.state.open[name] = !this.isOpen(name);
    }

    onMouseDown(ev, what) {
        if (ev.button === 0) {
            ev.preventDefault();
            this.props.onPick(what);
        }
    }

    onClick(ev, what) {
        // A click with the mouse was answered when it went down.
        if (ev.detail === 0) {
            this.props.onPick(what);
        }
    }
}
