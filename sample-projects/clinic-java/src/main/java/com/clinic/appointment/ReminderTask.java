package com.clinic.appointment;

import java.io.File;
import java.io.FileWriter;
import java.io.IOException;
import java.util.TimerTask;

public class ReminderTask extends TimerTask {
    private static final String SPOOL = "/opt/clinic/spool";

    @Override
    public void run() {
        File directory = new File(SPOOL, "reminders");
        directory.mkdirs();
        try {
            FileWriter writer = new FileWriter(new File(directory, System.currentTimeMillis() + ".txt"));
            writer.write("reminder");
            writer.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
