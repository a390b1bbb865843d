"""Many deals with their mails and meetings, written by SQL in seconds. For benches.

Open ones and closed ones of one company; outcomes depend on source, team, country,
mails and calls, and on chance. Fixed, no randomness. Never run it on a database that
matters.
"""

import psycopg2

SQL = """
CREATE TEMP TABLE plan ON COMMIT DROP AS
SELECT n,
       n > %(open)s AS is_closed,
       -- a number between 0 and 1 that looks random, the same each time
       ('x' || substr(md5(n::text), 1, 8))::bit(32)::bigint / 4294967296.0 AS luck,
       1 + ('x' || substr(md5(n::text), 9, 4))::bit(16)::int %% 60 AS life_days,
       sources.ids[1 + n %% cardinality(sources.ids)] AS source_id,
       n %% cardinality(sources.ids) AS source_rank,
       media.ids[1 + (n / 7) %% cardinality(media.ids)] AS medium_id,
       sellers.ids[1 + (n / 3) %% cardinality(sellers.ids)] AS user_id,
       stages.ids[1 + (n / 5) %% cardinality(stages.ids)] AS stage_id,
       countries.ids[1 + (n / 11) %% cardinality(countries.ids)] AS country_id,
       n %% 4 AS mails, n %% 3 AS answers, n %% 6 = 0 AS has_meeting,
       now() AT TIME ZONE 'UTC' - (5 + n %% 360) * interval '1 day' AS opened
  FROM generate_series(1, %(open)s + %(closed)s) n
 CROSS JOIN (SELECT array_agg(id ORDER BY id) AS ids FROM (
      SELECT id FROM utm_source ORDER BY id LIMIT 12) s) sources
 CROSS JOIN (SELECT array_agg(id ORDER BY id) AS ids FROM (
      SELECT id FROM utm_medium ORDER BY id LIMIT 8) s) media
 CROSS JOIN (SELECT array_agg(id ORDER BY id) AS ids FROM (
      SELECT id FROM res_country ORDER BY id LIMIT 20) s) countries
 CROSS JOIN (SELECT array_agg(id ORDER BY sequence, id) AS ids FROM crm_stage
              WHERE is_won IS NOT TRUE) stages
 CROSS JOIN (SELECT array_agg(id ORDER BY id) AS ids FROM res_users
              WHERE NOT share AND active AND company_id = %(company)s) sellers;

ALTER TABLE plan ADD COLUMN is_won boolean;
UPDATE plan SET is_won = is_closed AND luck < 1 / (1 + exp(
    1.2 - 0.35 * (source_rank - 5) - 0.5 * answers - CASE WHEN has_meeting THEN 0.8
    ELSE 0 END));

INSERT INTO crm_lead (name, type, active, company_id, user_id, team_id, stage_id,
    source_id, medium_id, country_id, email_from, email_normalized,
    email_domain_criterion, phone, contact_name, partner_name, expected_revenue,
    priority, probability, automated_probability, won_status, create_date, write_date,
    date_open, date_last_stage_update, date_closed, ai_score)
SELECT 'Bench ' || plan.n, 'opportunity', NOT plan.is_closed OR plan.is_won,
       %(company)s, plan.user_id, team.id,
       CASE WHEN plan.is_won THEN won.id ELSE plan.stage_id END,
       plan.source_id, plan.medium_id, plan.country_id,
       'bench' || plan.n || '@firm' || plan.n %% 5000 || '.test',
       'bench' || plan.n || '@firm' || plan.n %% 5000 || '.test',
       '@firm' || plan.n %% 5000 || '.test',
       CASE WHEN plan.n %% 3 > 0 THEN '+3312345' || plan.n END, 'Contact ' || plan.n,
       'Firm ' || plan.n %% 5000, (500 + plan.n %% 20000)::numeric,
       (plan.n %% 3)::text,
       CASE WHEN plan.is_won THEN 100 WHEN plan.is_closed THEN 0 ELSE 10 END,
       CASE WHEN plan.is_won THEN 100 WHEN plan.is_closed THEN 0 ELSE 10 END,
       CASE WHEN plan.is_won THEN 'won' WHEN plan.is_closed THEN 'lost'
            ELSE 'pending' END,
       plan.opened, plan.opened, plan.opened, plan.opened + interval '1 day',
       CASE WHEN plan.is_closed THEN plan.opened
            + LEAST(plan.life_days, plan.n %% 360 + 4) * interval '1 day' END,
       0
  FROM plan
 CROSS JOIN (SELECT id FROM crm_team WHERE active
               AND (company_id IS NULL OR company_id = %(company)s)
             ORDER BY sequence, id LIMIT 1) team
 CROSS JOIN (SELECT id FROM crm_stage WHERE is_won ORDER BY sequence LIMIT 1) won;

CREATE TEMP TABLE made ON COMMIT DROP AS
SELECT lead.id, plan.* FROM plan JOIN crm_lead lead ON lead.name = 'Bench ' || plan.n;

INSERT INTO mail_message (model, res_id, message_type, subtype_id, author_id, date,
    body, create_date, write_date, is_internal)
SELECT 'crm.lead', made.id, CASE WHEN side.is_answer THEN 'email' ELSE 'comment' END,
       subtype.id, CASE WHEN side.is_answer THEN NULL ELSE users.partner_id END,
       made.opened + number * interval '7 hours', 'bench', made.opened, made.opened,
       FALSE
  FROM made
  JOIN res_users users ON users.id = made.user_id
 CROSS JOIN (VALUES (TRUE), (FALSE)) side (is_answer)
 CROSS JOIN generate_series(1, 4) number
 CROSS JOIN (SELECT res_id AS id FROM ir_model_data WHERE module = 'mail'
              AND name = 'mt_comment') subtype
 WHERE number <= CASE WHEN side.is_answer THEN made.answers ELSE made.mails END;

INSERT INTO calendar_event (name, start, stop, opportunity_id, active, create_date,
    privacy, show_as)
SELECT 'bench', opened + interval '20 hours', opened + interval '21 hours', id, TRUE,
       opened, 'public', 'busy'
  FROM made WHERE has_meeting;
"""
# The deals of an earlier run, as if nobody had scored them.
FORGET = """
UPDATE crm_lead
   SET ai_score = 0, ai_score_at = NULL, ai_temperature = NULL, ai_score_sign = NULL,
       ai_score_reasons = NULL, ai_score_previous = NULL, ai_score_previous_at = NULL,
       ai_hot_at = NULL
 WHERE name LIKE 'Bench %' AND ai_score_at IS NOT NULL
"""
TABLES = ("crm_lead", "mail_message", "calendar_event")


def generate(dsn, company_id, open_count=100_000, closed_count=40_000):
    """Write open and closed deals of a company; about a third of the closed are won.

    Deals of an earlier run serve again, their scores forgotten.
    """
    connection = psycopg2.connect(dsn)
    values = {"company": company_id, "open": open_count, "closed": closed_count}
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM crm_lead WHERE name LIKE 'Bench %' LIMIT 1")
        is_there = cursor.fetchone()
        cursor.execute(FORGET if is_there else SQL, None if is_there else values)
    connection.autocommit = True
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"VACUUM ANALYZE {table}")
    connection.close()
