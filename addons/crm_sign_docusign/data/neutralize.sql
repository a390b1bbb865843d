-- a copy of a database must not sign in somebody's name
UPDATE crm_connection
   SET docusign_integration_key = NULL,
       docusign_user_guid = NULL,
       docusign_private_key = NULL,
       docusign_account_id = NULL
 WHERE provider = 'docusign';
UPDATE ir_cron
   SET active = FALSE
 WHERE id IN (SELECT res_id FROM ir_model_data
               WHERE module = 'crm_sign_docusign' AND name = 'ir_cron_follow');
