// Filled by the live client.
