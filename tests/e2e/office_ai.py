"""Records of the AI engine to try the roles on."""


def make_ai_subjects(office, subject) -> dict:
    """Settings of the company, an answer of the administrator, a prompt of everybody.

    :param subject: the class of a record to try things on
    """
    boss, company = office.business.rpc, office.business.company_id
    (feature,) = boss.search("crm.ai.feature", ("needs", "=", "text"), limit=1)
    route = {"feature_id": feature, "company_id": company}
    budget = {
        "company_id": company,
        "limit_value": 20,
        "responsible_id": office.user_ids["admin"],
    }
    call = _put_in_call(office, feature)
    texts, period = {"call_id": call}, {"date_from": "2026-01-01"}
    export = {**period, "date_to": "2026-01-31", "company_id": company}
    return {
        "AI feature": subject("crm.ai.feature", feature, {}, {"cache_hours": 1}),
        "model of an AI feature": subject(
            "crm.ai.route",
            boss.create("crm.ai.route", **route),
            {"company_id": company},
            {"sequence": 3},
        ),
        "AI budget": subject(
            "crm.ai.budget",
            boss.create("crm.ai.budget", **budget),
            budget,
            {"limit_value": 30},
        ),
        "AI answer": subject("crm.ai.call", call, {"feature_id": feature}, {"cost": 1}),
        "AI figures": subject("crm.ai.report", call, {}, {"cost": 1}),
        "texts of an AI answer": subject(
            "crm.ai.call.texts",
            boss.create("crm.ai.call.texts", **texts),
            texts,
            {"answer": "x"},
        ),
        "export of the AI register": subject(
            "crm.ai.register.export",
            boss.create("crm.ai.register.export", **export),
            export,
            period,
        ),
        **_make_prompt_subjects(office, subject, feature),
    }


def _make_prompt_subjects(office, subject, feature: int) -> dict:
    """Prompts are common to all companies."""
    boss = office.business.rpc
    prompt = {"name": "Essai", "code": "essai.roles", "feature_id": feature}
    prompt_id = boss.create("crm.ai.prompt", **prompt)
    line = {"prompt_id": prompt_id, "name": "faits"}
    version = {"prompt_id": prompt_id, "system_text": "Écris.", "user_text": "Ici."}
    case = {"prompt_id": prompt_id, "name": "Cas"}
    version_id = boss.create("crm.ai.prompt.version", **version)
    preview = {"version_id": version_id}
    case_id = boss.create("crm.ai.prompt.case", **case)
    run = {"case_id": case_id, "version_id": version_id}
    run_id = office.site.sql(
        "INSERT INTO crm_ai_prompt_run (case_id, version_id, state)"
        f" VALUES ({case_id}, {version_id}, 'ko') RETURNING id"
    )
    return {
        "prompt": subject(
            "crm.ai.prompt",
            prompt_id,
            {**prompt, "code": "essai.{n}"},
            {"name": "Autre"},
        ),
        "input of a prompt": subject(
            "crm.ai.prompt.input",
            boss.create("crm.ai.prompt.input", **line),
            {**line, "name": "ton{n}"},
            {"sequence": 4},
        ),
        "version of a prompt": subject(
            "crm.ai.prompt.version", version_id, version, {"note": "x"}
        ),
        "regression case of a prompt": subject(
            "crm.ai.prompt.case", case_id, case, {"max_words": 5}
        ),
        "run of a regression case": subject(
            "crm.ai.prompt.run",
            int(run_id.split()[0]),
            run,
            {"reason": "x"},
        ),
        "preview of a prompt": subject(
            "crm.ai.prompt.preview",
            boss.create("crm.ai.prompt.preview", **preview),
            preview,
            {"res_ref": False},
        ),
    }


def _put_in_call(office, feature: int) -> int:
    """An answer the administrator asked for, put in from below."""
    user, company = office.user_ids["admin"], office.business.company_id
    answer = office.site.sql(
        "INSERT INTO crm_ai_call (feature_id, company_id, user_id, purpose, state,"
        " create_uid, create_date)"
        f" VALUES ({feature}, {company}, {user}, 'use', 'done', 1, now())"
        " RETURNING id"
    )
    return int(answer.split()[0])
