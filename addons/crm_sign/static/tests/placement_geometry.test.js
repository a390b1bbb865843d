import {describe, expect, test} from "@odoo/hoot";
import {
    applyKey,
    boxAround,
    keepInside,
    overlaps,
    stepAside,
    toCommands,
} from "@crm_sign/placement/placement_geometry";
import {fitInBox, findInk, initialsOf} from "@crm_sign/sign_page/ink_pad";
import {pickRatio} from "@crm_sign/pdf/pdf_pages";

describe.current.tags("headless");

const PAGE = {width: 600, height: 800};
const NAMES = {
    owner: "signer_id",
    document: "document_id",
    type: "type",
    label: "label",
    required: "required",
    page: "page",
    x: "x",
    y: "y",
    width: "width",
    height: "height",
};

test("a field always stays whole inside its page", () => {
    const box = {width: 100, height: 50};
    expect(keepInside({...box, x: -5, y: 790}, PAGE, "signature")).toEqual({
        x: 0,
        y: 750,
        ...box,
    });
    expect(keepInside({x: 0, y: 0, width: 9000, height: 1}, PAGE, "signature")).toEqual(
        {x: 0, y: 0, width: 600, height: 20}
    );
    const tiny = {width: 40, height: 15};
    expect(keepInside({x: 3, y: 3, width: 1, height: 1}, tiny, "signature")).toEqual({
        x: 0,
        y: 0,
        width: 40,
        height: 15,
    });
});

test("a new field is centred where one points", () => {
    const box = boxAround("checkbox", 300, 400, PAGE);
    expect([box.x + box.width / 2, box.y + box.height / 2]).toEqual([300, 400]);
    const corner = boxAround("signature", 0, 0, PAGE);
    expect([corner.x, corner.y]).toEqual([0, 0]);
});

test("fields added one after the other do not cover each other", () => {
    const placed = [];
    for (let count = 0; count < 12; count++) {
        const box = boxAround("signature", 300, 400, PAGE);
        placed.push(stepAside(box, placed, PAGE, "signature"));
    }
    for (const one of placed) {
        expect(placed.filter((two) => two !== one && overlaps(one, two))).toEqual([]);
    }
});

test("arrow keys move, with Shift they change the size", () => {
    const box = {x: 10, y: 10, width: 50, height: 20};
    expect(applyKey(box, "ArrowLeft", {})).toEqual({...box, x: 5});
    expect(applyKey(box, "ArrowDown", {fine: true})).toEqual({...box, y: 11});
    expect(applyKey(box, "ArrowUp", {shift: true})).toEqual({...box, height: 15});
    expect(applyKey(box, "a", {})).toEqual(box);
});

test("only what changed is written", () => {
    const field = {
        id: 7,
        owner: 1,
        document: 2,
        type: "text",
        label: "",
        required: true,
        page: 1,
        x: 1,
        y: 2,
        width: 30,
        height: 10,
    };
    expect(toCommands([field], [{...field, key: 1}], NAMES)).toEqual([]);
    expect(toCommands([field], [{...field, x: 9, owner: 3}], NAMES)).toEqual([
        [1, 7, {signer_id: 3, x: 9}],
    ]);
    expect(toCommands([field], [], NAMES)).toEqual([[2, 7, 0]]);
    const [[code, , values]] = toCommands([], [{...field, id: undefined}], NAMES);
    expect(code).toBe(0);
    expect(values).toEqual({
        signer_id: 1,
        document_id: 2,
        type: "text",
        label: "",
        required: true,
        page: 1,
        x: 1,
        y: 2,
        width: 30,
        height: 10,
    });
});

test("initials of any name", () => {
    expect(initialsOf("Marie Leblanc")).toBe("ML");
    expect(initialsOf("jean-marc  le goff")).toBe("JMLG");
    expect(initialsOf("Élodie")).toBe("É");
    expect(initialsOf(" ")).toBe("");
});

test("a picture keeps its proportions", () => {
    expect(fitInBox(1800, 600)).toEqual({x: 0, y: 0, width: 900, height: 300});
    const tall = fitInBox(300, 600);
    expect([tall.width, tall.height, tall.x]).toEqual([150, 300, 375]);
    expect(fitInBox(10, 10).width).toBe(40);
});

test("empty borders of a drawing are found", () => {
    const data = new Uint8ClampedArray(5 * 4 * 4);
    const ink = (x, y) => (data[(y * 5 + x) * 4 + 3] = 255);
    expect(findInk({data, width: 5, height: 4})).toBe(null);
    ink(1, 2);
    ink(3, 1);
    expect(findInk({data, width: 5, height: 4})).toEqual({
        x: 1,
        y: 1,
        width: 3,
        height: 2,
    });
});

test("canvases stay below what phones accept", () => {
    expect(pickRatio(390, 550, 3)).toBe(2.5);
    const ratio = pickRatio(4000, 6000, 2);
    expect(4000 * ratio * 6000 * ratio <= 12_000_001).toBe(true);
});
