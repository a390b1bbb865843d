import {Component, onMounted, onWillUnmount, useEffect, useRef} from "@odoo/owl";
import {drawPage} from "../pdf/pdf_pages";
import {PlacementField} from "./placement_field";

/** One page: its picture, there while it is near the screen, and its fields. */
export class PlacementPage extends Component {
    static template = "crm_sign.PlacementPage";
    static components = {PlacementField};
    static props = {
        page: Object,
        pdf: {type: [Object, {value: null}]},
        scale: Number,
        label: String,
        fields: Array,
        board: Object,
    };

    setup() {
        this.root = useRef("root");
        this.canvas = useRef("canvas");
        this.isNear = false;
        this.drawn = 0;
        onMounted(() => {
            this.observer = new window.IntersectionObserver(
                ([entry]) => {
                    this.isNear = entry.isIntersecting;
                    if (this.isNear) {
                        this.draw();
                    } else {
                        this.drop();
                    }
                },
                {rootMargin: "50%"}
            );
            this.observer.observe(this.root.el);
        });
        useEffect(
            () => {
                this.drawn = 0;
                this.draw();
            },
            () => [this.props.scale, this.props.pdf]
        );
        onWillUnmount(() => {
            this.observer.disconnect();
            this.task?.cancel();
        });
    }

    get style() {
        const {page, scale} = this.props;
        return `width:${page.width * scale}px;height:${page.height * scale}px`;
    }

    /** Hundreds of pictures would fill the memory: far from the screen there is none. */
    drop() {
        this.task?.cancel();
        this.drawn = 0;
        Object.assign(this.canvas.el, {width: 0, height: 0});
    }

    async draw() {
        const {page, pdf, scale} = this.props;
        if (!pdf || !this.isNear || this.drawn === scale) {
            return;
        }
        this.drawn = scale;
        this.task?.cancel();
        try {
            const drawing = await pdf.getPage(page.number);
            if (this.canvas.el && this.drawn === scale) {
                this.task = drawPage(drawing, this.canvas.el, page.width * scale);
                await this.task.promise;
            }
        } catch {
            // Another drawing took its place, or the page is drawn when seen again.
            if (this.drawn === scale) {
                this.drawn = 0;
            }
        }
    }
}
