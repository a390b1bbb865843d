-- forget the Yousign accounts: keys, addresses of webhooks, the hourly questions
UPDATE crm_connection
   SET yousign_api_key = NULL
 WHERE provider = 'yousign';
UPDATE ir_cron
   SET active = FALSE
 WHERE id IN (SELECT res_id FROM ir_model_data
               WHERE module = 'crm_sign_yousign'
                 AND name = 'ir_cron_look_at_yousign');
