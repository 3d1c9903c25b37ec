/** The images, and the compose file that runs them: on a container engine, seen from outside. */
package dev.annals.containers;
