/** Plans, without anybody who carries them out. */
package dev.annals.checker.workload;
