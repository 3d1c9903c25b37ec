/** What a user sees: the command line, HTTP and topics, and nothing else of Annals. */
package dev.annals.e2e;
