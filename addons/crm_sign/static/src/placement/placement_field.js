import {Component, onWillUnmount, useEffect, useRef} from "@odoo/owl";
import {applyKey, keepInside} from "./placement_geometry";

// A hand that trembles does not move a field.
const SLOP_PIXELS = 3;

/** One field on its page: dragged, resized, deleted by mouse, finger or keyboard. */
export class PlacementField extends Component {
    static template = "crm_sign.PlacementField";
    static props = {
        field: Object,
        page: Object,
        scale: Number,
        caption: String,
        owner: Object,
        isSelected: Boolean,
        isReadonly: Boolean,
        onSelect: Function,
        onChange: Function,
        onDrop: Function,
        onTurnPage: Function,
        onRemove: Function,
    };

    setup() {
        this.root = useRef("root");
        this.drag = null;
        this.follow = this.follow.bind(this);
        this.release = this.release.bind(this);
        useEffect(
            (isSelected, key) => {
                const el = this.root.el;
                if (isSelected && key && !el.contains(document.activeElement)) {
                    el
                        .closest(".o_crm_sign_placement")
                        ?.querySelector(".o_crm_sign_properties :focus") ||
                        el.focus({preventScroll: true});
                }
            },
            () => [this.props.isSelected, this.props.field.key]
        );
        onWillUnmount(() => this.stop());
    }

    get style() {
        const {field, scale} = this.props;
        return ["x", "y", "width", "height"]
            .map((name, index) => {
                const property = ["left", "top", "width", "height"][index];
                return `${property}:${field[name] * scale}px`;
            })
            .join(";");
    }

    grab(event, isResize) {
        if (event.button || this.props.isReadonly) {
            return;
        }
        event.preventDefault();
        event.stopPropagation();
        this.props.onSelect(this.props.field);
        this.root.el.focus({preventScroll: true});
        const {x, y, width, height} = this.props.field;
        this.drag = {
            isResize,
            isMoved: false,
            from: [event.clientX, event.clientY],
            box: {x, y, width, height},
        };
        window.addEventListener("pointermove", this.follow);
        window.addEventListener("pointerup", this.release);
        window.addEventListener("pointercancel", this.release);
    }

    follow(event) {
        const {box, from, isResize} = this.drag;
        const moved = [event.clientX - from[0], event.clientY - from[1]];
        if (!this.drag.isMoved && Math.hypot(...moved) < SLOP_PIXELS) {
            return;
        }
        this.drag.isMoved = true;
        const [dx, dy] = moved.map((pixels) => pixels / this.props.scale);
        const {field, page} = this.props;
        this.props.onChange(
            field,
            isResize
                ? keepInside(
                      {
                          ...box,
                          width: Math.min(box.width + dx, page.width - box.x),
                          height: Math.min(box.height + dy, page.height - box.y),
                      },
                      page,
                      field.type
                  )
                : {...box, x: box.x + dx, y: box.y + dy}
        );
    }

    release(event) {
        const drag = this.drag;
        this.stop();
        if (drag?.isMoved) {
            this.props.onDrop(this.props.field, event, drag);
        }
    }

    stop() {
        this.drag = null;
        window.removeEventListener("pointermove", this.follow);
        window.removeEventListener("pointerup", this.release);
        window.removeEventListener("pointercancel", this.release);
    }

    onKeydown(event) {
        const {field, page, isReadonly} = this.props;
        if (event.key === "Escape") {
            this.props.onSelect(null);
            return;
        }
        if (isReadonly) {
            return;
        }
        if (event.key === "Delete" || event.key === "Backspace") {
            event.preventDefault();
            this.props.onRemove(field);
        } else if (event.key === "PageDown" || event.key === "PageUp") {
            event.preventDefault();
            this.props.onTurnPage(field, event.key === "PageDown" ? 1 : -1);
        } else if (event.key.startsWith("Arrow")) {
            event.preventDefault();
            const keys = {shift: event.shiftKey, fine: event.ctrlKey || event.altKey};
            this.props.onChange(
                field,
                keepInside(applyKey(field, event.key, keys), page, field.type)
            );
        }
    }
}
