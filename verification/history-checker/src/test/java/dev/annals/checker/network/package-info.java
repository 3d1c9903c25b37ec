/** Schedules, without anything that breaks. */
package dev.annals.checker.network;
