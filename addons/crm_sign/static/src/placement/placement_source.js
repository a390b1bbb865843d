import {_t} from "@web/core/l10n/translation";

/** Where the fields of a request and of a reusable template are kept. */
const SOURCES = {
    "crm.sign.request": {
        owners: {model: "crm.sign.signer", column: "request_id"},
        documents: {model: "crm.sign.document", column: "request_id"},
        fields: {model: "crm.sign.field", column: "request_id"},
        names: {owner: "signer_id", document: "document_id"},
        columns: ["state"],
        isReadonly: (record) => record.state !== "draft",
    },
    "crm.sign.template": {
        owners: {model: "crm.sign.template.role", column: "template_id"},
        // A template is its own and only document.
        documents: null,
        fields: {model: "crm.sign.template.field", column: "template_id"},
        names: {owner: "role_id"},
        columns: ["file_name", "page_count", "pages_json"],
        isReadonly: () => false,
    },
};
const PLAIN = ["type", "label", "required", "page", "x", "y", "width", "height"];
const DEFAULT_PAGE = {width: 595, height: 842};

export function getSource(model) {
    return SOURCES[model];
}

/** Names of columns, for the commands that save. */
export function getNames(model) {
    const {names} = SOURCES[model];
    return {...Object.fromEntries(PLAIN.map((name) => [name, name])), ...names};
}

function toPages(row) {
    let sizes = [];
    try {
        sizes = JSON.parse(row.pages_json || "[]");
    } catch {
        sizes = [];
    }
    const count = row.page_count || sizes.length || 1;
    return Array.from({length: count}, (_, index) => {
        const size = sizes[index] || [DEFAULT_PAGE.width, DEFAULT_PAGE.height];
        const [width, height] = Array.isArray(size) ? size : [size.width, size.height];
        return {number: index + 1, width, height, document: row.id};
    });
}

function toDocument(model, record) {
    return {
        ...record,
        name: record.file_name || record.display_name,
        url: `/web/content/${model}/${record.id}/file`,
    };
}

/**
 * Read everything the board shows.
 * @returns {Promise<{name, isReadonly, documents, owners, fields}>}
 */
export async function readBoard(orm, model, id) {
    const source = SOURCES[model];
    const names = getNames(model);
    const search = (part, columns, order) =>
        orm.searchRead(part.model, [[part.column, "=", id]], columns, {order});
    const [[record], rows, owners, fields] = await Promise.all([
        orm.read(model, [id], ["display_name", ...source.columns]),
        source.documents &&
            search(
                source.documents,
                ["name", "attachment_id", "page_count", "pages_json"],
                "sequence, id"
            ),
        search(source.owners, ["name"], "order, id"),
        search(source.fields, Object.values(names), "page, y, x, id"),
    ]);
    const documents = rows || [toDocument(model, record)];
    return {
        name: record.display_name,
        isReadonly: source.isReadonly(record),
        documents: documents.map((row) => ({
            id: row.id,
            name: row.name,
            url: row.url || `/web/content/${row.attachment_id[0]}`,
            pages: toPages(row),
        })),
        owners: owners.map((row, index) => ({
            id: row.id,
            name: row.name || _t("Signer %s", index + 1),
            rank: index + 1,
            color: index % 8,
        })),
        fields: fields.map((row) => ({
            id: row.id,
            ...Object.fromEntries(PLAIN.map((name) => [name, row[name]])),
            label: row.label || "",
            owner: row[names.owner] ? row[names.owner][0] : null,
            document: names.document ? row[names.document][0] : id,
        })),
    };
}
