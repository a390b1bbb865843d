-- Between "base" and the other addons: the company is French before accounting
-- arrives, which then loads the French chart of accounts by itself.
UPDATE res_currency SET active = true WHERE name = 'EUR';
UPDATE res_company
   SET currency_id = (SELECT id FROM res_currency WHERE name = 'EUR');
UPDATE res_partner
   SET country_id = (SELECT res_id FROM ir_model_data
                      WHERE module = 'base' AND name = 'fr')
 WHERE id IN (SELECT partner_id FROM res_company);
UPDATE res_partner
   SET lang = 'fr_FR', tz = 'Europe/Paris'
 WHERE id IN (SELECT partner_id FROM res_users WHERE id <> 1)
    OR id IN (SELECT partner_id FROM res_company);
INSERT INTO ir_default (field_id, json_value, create_uid, create_date,
                        write_uid, write_date)
SELECT id, CASE name WHEN 'lang' THEN '"fr_FR"' ELSE '"Europe/Paris"' END,
       1, now() AT TIME ZONE 'UTC', 1, now() AT TIME ZONE 'UTC'
  FROM ir_model_fields
 WHERE model = 'res.partner' AND name IN ('lang', 'tz');
