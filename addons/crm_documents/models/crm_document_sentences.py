from odoo import models

MAX_SENTENCES = 15


class CrmDocumentSentences(models.AbstractModel):
    """Turns the facts of `lib/` into what people read."""

    _name = "crm.document.sentences"
    _description = "Sentences of Documents"

    def _explain_problems(self, problems):
        """Return one sentence per problem, with its line and what may be meant."""
        lines = [self._explain_problem(problem) for problem in problems]
        if len(lines) > MAX_SENTENCES:
            rest = len(lines) - MAX_SENTENCES
            lines = lines[:MAX_SENTENCES]
            lines.append(self.env._("And %(count)s more.", count=rest))
        return "\n".join(lines)

    def _explain_problem(self, problem):
        sentence = self._get_problem_sentence(problem.code, problem.source)
        if problem.suggestion:
            hint = f"{{{{ {problem.suggestion} }}}}"
            sentence += " " + self.env._("Did you mean %(name)s?", name=hint)
        if problem.line:
            return self.env._(
                "Line %(line)s: %(sentence)s", line=problem.line, sentence=sentence
            )
        return sentence

    def _get_problem_sentence(self, code, source):
        return {
            "unknown": lambda: self.env._(
                "The name %(name)s is not offered.", name=source
            ),
            "group": lambda: self.env._(
                "%(name)s is a family of names: choose one of them.", name=source
            ),
            "list": lambda: self.env._(
                "%(name)s is a list: repeat a row for each of its lines.", name=source
            ),
            "not_list": lambda: self.env._(
                "%(name)s is one value: there is nothing to repeat.", name=source
            ),
            "syntax": lambda: self.env._("%(name)s cannot be read.", name=source),
            "cut": lambda: self.env._(
                "A brace is missing or the name changes its formatting in the middle:"
                " %(name)s. Delete the name and insert it again.",
                name=source,
            ),
            "unclosed": lambda: self.env._(
                "The section %(name)s has no end. Its start and its end must be in the"
                " same paragraph, in the same table row, or each alone on a line.",
                name=source,
            ),
            "unopened": lambda: self.env._("%(name)s ends no section.", name=source),
            "else": lambda: self.env._(
                "%(name)s belongs to no condition.", name=source
            ),
            "attribute": lambda: self.env._(
                "A link or a picture cannot hold a name: %(name)s", name=source
            ),
            "too_deep": lambda: self.env._(
                "There are too many sections or frames inside each other."
            ),
            "too_large": lambda: self.env._(
                "The text is too large. Reduce its pictures or cut it in two."
            ),
            "image": lambda: self.env._(
                "The picture %(name)s is on another server. Add the picture itself.",
                name=source,
            ),
        }[code]()

    def _explain_refused_file(self, reason):
        return {
            "not_docx": lambda: self.env._(
                "This file is not a sound DOCX. Save it again as .docx in your word"
                " processor."
            ),
            "too_large": lambda: self.env._("The file is too large: 10 MB at most."),
            "bomb": lambda: self.env._(
                "Unpacked, this file would be far too large. It is refused."
            ),
            "macros": lambda: self.env._(
                "The file holds macros or programs. Save it as a plain .docx."
            ),
            "embedded": lambda: self.env._(
                "The file holds another file inside. Replace it by a picture or a"
                " table."
            ),
            "external": lambda: self.env._(
                "The file fetches something from elsewhere (linked picture, template"
                " or field). Put it into the file itself."
            ),
            "entities": lambda: self.env._(
                "The file holds definitions that no word processor writes. It is"
                " refused."
            ),
        }[reason]()

    def _explain_no_pdf(self, reason):
        return {
            "waiting": lambda: self.env._(
                "The PDF is being prepared. You can go on working: this page shows it"
                " as soon as it is there. The DOCX is ready."
            ),
            "late": lambda: self.env._(
                "The PDF takes longer than usual. The DOCX is ready: try the PDF again,"
                " or make it in your word processor."
            ),
            "absent": lambda: self.env._(
                "LibreOffice is not installed on the server: the document is ready as"
                " DOCX only. Open it in your word processor to make a PDF."
            ),
            "printer": lambda: self.env._(
                "The PDF could not be printed: try again in a moment."
            ),
            "timeout": lambda: self.env._(
                "LibreOffice took too long: the document is ready as DOCX only. Try"
                " again, or make the PDF in your word processor."
            ),
            "too_large": lambda: self.env._(
                "The PDF would be too large: the document is ready as DOCX only."
            ),
            "failed": lambda: self.env._(
                "LibreOffice could not read the document: it is ready as DOCX only."
                " Make the PDF in your word processor."
            ),
        }[reason]()
