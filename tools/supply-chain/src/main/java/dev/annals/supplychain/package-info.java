/**
 * What ships beside our own code: under which licences, and with which known vulnerabilities. Reads bills of materials
 * (CycloneDX), a kept list of advisories (OSV) and kept decisions; asks no network.
 */
@NullMarked
package dev.annals.supplychain;

import org.jspecify.annotations.NullMarked;
