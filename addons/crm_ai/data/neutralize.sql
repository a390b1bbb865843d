-- forget the keys of language models, and never call the servers of a copy's network
UPDATE crm_connection
   SET ai_api_key = NULL,
       ai_is_local = FALSE
 WHERE provider IN ('openai', 'anthropic');
