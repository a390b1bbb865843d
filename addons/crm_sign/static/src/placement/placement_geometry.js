/**
 * Rectangles of fields: points from the top left corner of the page as it is shown.
 * Nothing here touches the screen.
 */
export const MM_PER_POINT = 25.4 / 72;

export const SIZES = {
    signature: {width: 170, height: 56},
    initials: {width: 64, height: 32},
    date: {width: 90, height: 20},
    text: {width: 160, height: 20},
    checkbox: {width: 14, height: 14},
};
const SMALLEST = {
    signature: {width: 60, height: 20},
    initials: {width: 24, height: 14},
    date: {width: 50, height: 10},
    text: {width: 30, height: 10},
    checkbox: {width: 8, height: 8},
};
const SAVED = [
    "document",
    "owner",
    "type",
    "label",
    "required",
    "page",
    "x",
    "y",
    "width",
    "height",
];

function between(value, low, high) {
    return Math.max(low, Math.min(value, Math.max(low, high)));
}

function round(value) {
    return Math.round(value * 100) / 100;
}

/** The nearest rectangle that is large enough and lies inside the page. */
export function keepInside(box, page, type) {
    const least = SMALLEST[type];
    const width = between(box.width, Math.min(least.width, page.width), page.width);
    const height = between(
        box.height,
        Math.min(least.height, page.height),
        page.height
    );
    return {
        x: round(between(box.x, 0, page.width - width)),
        y: round(between(box.y, 0, page.height - height)),
        width: round(width),
        height: round(height),
    };
}

/** A new field of this type around a point. */
export function boxAround(type, x, y, page) {
    const {width, height} = SIZES[type];
    return keepInside({x: x - width / 2, y: y - height / 2, width, height}, page, type);
}

const GAP = 8;
const EDGE = 20;

/** The same rectangle, or the next free place: further down, then further right. */
export function stepAside(box, others, page, type) {
    let free = box;
    for (let count = 0; count < 60; count++) {
        const here = free;
        if (!others.some((other) => overlaps(other, here))) {
            return free;
        }
        free = keepInside(nextPlace(here, page), page, type);
    }
    return box;
}

function nextPlace(box, page) {
    const y = box.y + box.height + GAP;
    if (y + box.height <= page.height) {
        return {...box, y};
    }
    const x = box.x + box.width + GAP;
    return {...box, x: x + box.width > page.width ? EDGE : x, y: EDGE};
}

export function overlaps(one, two) {
    return (
        one.x < two.x + two.width &&
        two.x < one.x + one.width &&
        one.y < two.y + two.height &&
        two.y < one.y + one.height
    );
}

/** What an arrow key does: moves, or changes the size with Shift. */
export function applyKey(box, key, {shift, fine}) {
    const step = fine ? 1 : 5;
    const [dx, dy] = {
        ArrowLeft: [-step, 0],
        ArrowRight: [step, 0],
        ArrowUp: [0, -step],
        ArrowDown: [0, step],
    }[key] || [0, 0];
    return shift
        ? {...box, width: box.width + dx, height: box.height + dy}
        : {...box, x: box.x + dx, y: box.y + dy};
}

/**
 * The commands that bring the saved fields to the present ones, in one write.
 * @param {Object[]} saved with `id`
 * @param {Object[]} present with `id` when known to the server
 * @param {Object} names our name of a value -> name of the column
 */
export function toCommands(saved, present, names) {
    const known = new Map(saved.map((field) => [field.id, field]));
    const kept = new Set(present.map((field) => field.id));
    const commands = saved
        .filter((field) => !kept.has(field.id))
        .map((field) => [2, field.id, 0]);
    for (const field of present) {
        const former = known.get(field.id);
        const values = {};
        for (const name of SAVED) {
            if (names[name] && (!former || former[name] !== field[name])) {
                values[names[name]] = field[name];
            }
        }
        if (!former) {
            commands.push([0, 0, values]);
        } else if (Object.keys(values).length) {
            commands.push([1, field.id, values]);
        }
    }
    return commands;
}
