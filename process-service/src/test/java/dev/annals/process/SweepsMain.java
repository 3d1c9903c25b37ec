package dev.annals.process;

import dev.annals.service.Domains;
import dev.annals.service.Service;
import dev.annals.service.Settings;
import java.util.List;

/** The service with the process of these tests, as a JVM of its own, which can be killed. */
final class SweepsMain {

    private SweepsMain() {}

    public static void main(String[] args) {
        Service.main("process-service", service -> {
            Domains domains = new Domains(List.of(new Sweeps.Accounts()));
            ProcessService.start(service, ProcessConfig.of(Settings.load(args), domains), domains);
        });
    }
}
