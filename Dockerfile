# The images of an installation; `deploy/build-image` builds the distribution and then these:
#   annals    the four services, the console and the command line: the command names the main class
#   kafka     a broker for machines that can't pull apache/kafka; it takes the same environment variables
#   registry  likewise, a schema registry for apicurio/apicurio-registry
# BASE is an image with a Java of at least 21 on its path, and for all but `annals` a shell. `deploy/build-base-image` makes one
# where none can be pulled. The class archive, which the first stage makes, is only good for the Java that made it.
ARG BASE=eclipse-temurin:25-jre

FROM ${BASE} AS sorted
USER root
COPY tools/cli/target/annals/registry /tmp/registry
COPY tools/cli/target/annals/lib /tmp/lib
COPY deploy/image/sort-jars deploy/image/make-class-archive /tmp/
RUN /bin/sh /tmp/sort-jars /tmp/lib /opt/annals && mkdir -p /var/lib/annals /var/lib/kafka/data
RUN /bin/sh /tmp/make-class-archive /opt/annals /tmp/registry

FROM ${BASE} AS kafka
COPY --from=sorted /opt/annals/lib /opt/annals/lib
COPY --from=sorted /opt/annals/app /opt/annals/app
COPY tools/cli/target/annals/annals.cdx.json tools/cli/target/annals/THIRD-PARTY.txt LICENSE /opt/annals/
COPY --from=sorted --chown=10001:10001 /var/lib/kafka /var/lib/kafka
# Where apache/kafka has it: Testcontainers' KafkaContainer calls it there.
COPY deploy/image/run-broker /etc/kafka/docker/run
USER 10001:10001
EXPOSE 9092
CMD ["/etc/kafka/docker/run"]

FROM ${BASE} AS registry
COPY tools/cli/target/annals/registry /opt/registry
USER 10001:10001
EXPOSE 8080
ENTRYPOINT ["java", "-XX:+ExitOnOutOfMemoryError", "-XX:MaxRAMPercentage=60", "--add-opens=java.base/java.lang=ALL-UNNAMED", \
    "-jar", "/opt/registry/quarkus-run.jar"]

FROM ${BASE} AS annals
ARG VERSION=unknown
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Annals" \
    org.opencontainers.image.description="Event sourcing and CQRS on Kafka: command, projector, process and query service, console" \
    org.opencontainers.image.licenses="Apache-2.0" \
    org.opencontainers.image.version="${VERSION}" \
    org.opencontainers.image.revision="${REVISION}"
# Libraries change seldom, and are most of the image: a layer of their own is pulled once.
COPY --from=sorted /opt/annals/lib /opt/annals/lib
COPY --from=sorted /opt/annals/domains /opt/annals/domains
# What is in them (CycloneDX), and under which licences; the Java and the system are the base's.
COPY tools/cli/target/annals/annals.cdx.json tools/cli/target/annals/THIRD-PARTY.txt LICENSE /opt/annals/
# A volume for the stores takes over its owner.
COPY --from=sorted --chown=10001:10001 /var/lib/annals /var/lib/annals
COPY --from=sorted /opt/annals/app /opt/annals/app
COPY --from=sorted /opt/annals/options /opt/annals/options
USER 10001:10001
# A service is alone in its container: it listens on all of its addresses, and each on the same port.
# The dashboard shows what Kafka Streams counts.
ENV ANNALS_HTTP_HOST=0.0.0.0 ANNALS_HTTP_PORT=8080 ANNALS_STATE_DIR=/var/lib/annals \
    ANNALS_METRICS_KAFKA_CLIENTS=true \
    JDK_JAVA_OPTIONS=-XX:MaxRAMPercentage=50
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=120s --retries=3 \
    CMD ["java", "@/opt/annals/options/probe", "dev.annals.service.ReadinessProbe"]
# The JVM is the first process, so it gets the signals: SIGTERM ends a service in order, within 20 s.
ENTRYPOINT ["java", "@/opt/annals/options/service"]
CMD ["dev.annals.cli.AnnalsMain", "--help"]
