import {_t} from "@web/core/l10n/translation";

const MAX_COLUMNS = 5;
const AMOUNTS = ["money", "number"];

/** What is written for a picked name, as plain text: one line or several. */
export function textOf(item, {forDocx = false} = {}) {
    const row = forDocx ? "tr " : "";
    const line = forDocx ? "p " : "";
    switch (item.kind) {
        case "list":
            return `{%${row || " "}pour ${item.row} dans ${item.path} %}`;
        case "option":
            return `{%${line || " "}option ${_t("Title of the section")} %}`;
        case "condition":
            return `{%${line || " "}si client.siret %}`;
        default:
            return `{{ ${item.path} }}`;
    }
}

/** What is put in the editor for a picked name: text, or whole blocks. */
export function nodesOf(item, doc) {
    if (item.kind === "list") {
        return [tableOf(item, doc)];
    }
    if (item.kind === "option" || item.kind === "condition") {
        return [textOf(item), _t("Text of the section"), "{% fin %}"].map((text) =>
            element(doc, "p", text)
        );
    }
    return [doc.createTextNode(textOf(item))];
}

function element(doc, tag, text) {
    const node = doc.createElement(tag);
    node.textContent = text;
    return node;
}

/** A table with one row per line of the list, and its headings. */
function tableOf(item, doc) {
    const table = doc.createElement("table");
    table.className = "table table-bordered o_table";
    const body = table.appendChild(doc.createElement("tbody"));
    const head = body.appendChild(doc.createElement("tr"));
    const row = body.appendChild(doc.createElement("tr"));
    const columns = item.columns.slice(0, MAX_COLUMNS);
    columns.forEach((column, index) => {
        let text = `{{ ${item.row}.${column.code} }}`;
        if (index === 0) {
            text = textOf(item) + text;
        }
        if (index === columns.length - 1) {
            text += "{% fin %}";
        }
        const title = head.appendChild(doc.createElement("td"));
        title
            .appendChild(doc.createElement("p"))
            .append(element(doc, "strong", column.label));
        const cell = row.appendChild(doc.createElement("td"));
        const paragraph = cell.appendChild(element(doc, "p", text));
        if (AMOUNTS.includes(column.kind)) {
            paragraph.style.textAlign = "right";
            title.firstChild.style.textAlign = "right";
        }
    });
    return table;
}
