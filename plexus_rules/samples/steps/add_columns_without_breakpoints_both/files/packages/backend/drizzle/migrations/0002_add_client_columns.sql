ALTER TABLE `request_usage` ADD `client_request_id` text;
ALTER TABLE `request_usage` ADD `client_address` text;