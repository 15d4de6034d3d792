package com.clinic.billing;

import com.clinic.appointment.Appointment;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;

public class InsuranceGateway {
    private static final String HOST = "172.16.4.20";

    public void claim(Appointment appointment) throws IOException {
        Socket socket = new Socket(HOST, 7010);
        OutputStream out = socket.getOutputStream();
        out.write(appointment.getPatient().getName().getBytes());
        socket.close();
    }
}
